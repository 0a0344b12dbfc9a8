"""What people say about issues."""
