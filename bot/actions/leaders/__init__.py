"""What people and the clock both do with what waits for a leader."""
