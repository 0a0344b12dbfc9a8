"""What people and the clock both do to an issue."""
