"""What the bot remembers of issues."""
