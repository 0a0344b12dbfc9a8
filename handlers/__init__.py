"""What people say to the bot: one folder a noun, all routes in `routes.py`."""
