"""What the bot remembers of leaders' digests, decisions and reforms."""
