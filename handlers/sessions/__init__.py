"""What people say about Monday nights."""
