"""What people say to the bot."""

from handlers.turn import Reply, Turn


def answer(turn: Turn) -> Reply:
    return Reply()
