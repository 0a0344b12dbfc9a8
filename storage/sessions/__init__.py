"""What the bot remembers of Monday nights."""
