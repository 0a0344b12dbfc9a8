"""Telegram, for parks elsewhere: bots, buttons and forum topics."""
