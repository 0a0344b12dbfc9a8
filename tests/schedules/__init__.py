"""What the clock does, and does once."""
