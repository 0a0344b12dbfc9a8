"""What the bot remembers of people and enterprises."""
