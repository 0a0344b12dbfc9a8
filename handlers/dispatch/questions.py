"""What becomes of the words that a thread was asked for when something else is said."""

from handlers.dispatch.turn import Turn
from storage.delivery import pending, threads


def spend(turn: Turn) -> None:
    """A question that is about no issue is answered once, or dropped by another command."""
    spent = [question for question in turn.questions if question.issue_id is None]
    if spent:
        asked = pending.list_questions(turn.thread)
        left = pending.store_questions(question for question in asked if question not in spent)
        threads.change(turn.db, turn.thread.id, expect=left)
