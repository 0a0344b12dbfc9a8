"""What becomes of the words that a thread was asked for when something else is said."""

from collections.abc import Sequence

from handlers.dispatch.turn import Turn
from storage.delivery import pending, threads
from storage.delivery.pending import Question


def spend(turn: Turn) -> None:
    """A question that is about no issue is answered once, or dropped by another command."""
    drop(turn, [question for question in turn.questions if question.issue_id is None])


def drop(turn: Turn, spent: Sequence[Question]) -> None:
    """These questions are asked no more."""
    if spent:
        asked = pending.list_questions(turn.thread)
        left = pending.store_questions(question for question in asked if question not in spent)
        threads.change(turn.db, turn.thread.id, expect=left)
