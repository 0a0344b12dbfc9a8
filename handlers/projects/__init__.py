"""What people say about projects."""
