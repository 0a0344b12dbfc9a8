"""What the bot remembers of pictures, voices and files."""
