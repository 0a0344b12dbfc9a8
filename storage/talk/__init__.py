"""What the bot remembers of talk: what was asked whether it is a matter, what was corrected."""
