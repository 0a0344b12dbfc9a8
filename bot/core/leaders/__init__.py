"""What waits for a leader, and what comes back so often that it needs a reform."""
