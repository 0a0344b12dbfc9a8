"""Answers in people's own words to what we asked them: whether they come, how good it was."""

from handlers.dispatch.turn import Reply, Turn
from handlers.issues.rating_replies import answer_rating
from handlers.sessions.replies import answer_invitation
from handlers.sessions.uninvited import answer_uninvited


def answer_question(turn: Turn) -> Reply | None:
    """What comes of an answer; None for words that answer nothing that was asked."""
    return answer_invitation(turn) or answer_uninvited(turn) or answer_rating(turn)
