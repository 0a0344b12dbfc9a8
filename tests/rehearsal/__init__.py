"""What a rehearsal must show, found out by readers that know nothing of the bot's own rules."""
