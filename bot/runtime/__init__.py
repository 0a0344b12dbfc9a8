"""What keeps the bot running: messages, ticks, learning, the fast-forward of demos."""
