"""Somebody edits a message they sent: the new words stand beside the old ones, which stay."""

from bot.actions.issues.cards import facts
from bot.core.issues.issue import Issue
from bot.core.people import Role
from handlers.dispatch.issue_lookup import scope
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import sealing
from handlers.issues.supplements import add_words
from storage.delivery import messages
from storage.issues import issues


def answer_edit(turn: Turn) -> Reply | None:
    """What an edit means; None for a message that is none, or whose old words led to nothing:
    then the new ones are taken as if they had just been written."""
    if not turn.incoming.revises:
        return None
    before = messages.by_key(turn.db, turn.incoming.revises)
    if before is None or before.text == turn.incoming.content.words:
        return Reply()
    issue = issues.visible(turn.db, before.issue_id, scope(turn)) if before.issue_id else None
    if issue is None:
        return None
    return _of_contact(turn, issue) if turn.role is Role.CONTACT else _of_staff(turn, issue)


def _of_contact(turn: Turn, issue: Issue) -> Reply:
    apart = sealing.keep_apart(turn, turn.text, issue)
    if apart is not None:
        return apart
    words = turn.texts.render("revision.words", {"text": turn.text})
    after, notices = add_words(turn, issue, words)
    said = turn.me("revision.kept", facts(turn, after), issue_id=issue.id)
    return Reply((said, *notices), issue.id)


def _of_staff(turn: Turn, issue: Issue) -> Reply:
    """What was done or sent to an enterprise is not undone by rewriting the order for it."""
    return Reply((turn.me("revision.too_late", facts(turn, issue), issue_id=issue.id),), issue.id)
