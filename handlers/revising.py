"""Somebody edits a message they sent: the new words stand beside the old ones, which stay."""

from bot.cards import facts, shown, staff_options, to_owner
from bot.core.issues import Issue
from bot.core.lifecycle import Move
from bot.core.messages import Say
from bot.core.people import Role
from handlers.finding import scope
from handlers.moves import do
from handlers.turn import Reply, Turn
from storage import issues, messages


def revised(turn: Turn) -> Reply | None:
    """What an edit means; None for a message that is none, or whose old words led to nothing:
    then the new ones are taken as if they had just been written."""
    if not turn.incoming.revises:
        return None
    before = messages.by_key(turn.db, turn.incoming.revises)
    if before is None or before.text == turn.text:
        return Reply()
    issue = issues.visible(turn.db, before.issue_id, scope(turn)) if before.issue_id else None
    if issue is None:
        return None
    return _of_contact(turn, issue) if turn.role is Role.CONTACT else _of_staff(turn, issue)


def _of_contact(turn: Turn, issue: Issue) -> Reply:
    words = turn.texts.render("revision.words", {"text": turn.text})
    after = do(turn, issue, Move.SUPPLEMENT, text=words)
    card = {**facts(turn, after), "text": shown(words), "claim": None}
    options = staff_options(turn, after)
    notice = Say(to_owner(after), "notice.supplement", card, options, issue.id)
    return Reply((turn.me("revision.kept", card, issue_id=issue.id), notice), issue.id)


def _of_staff(turn: Turn, issue: Issue) -> Reply:
    """What was done or sent to an enterprise is not undone by rewriting the order for it."""
    return Reply((turn.me("revision.too_late", facts(turn, issue), issue_id=issue.id),), issue.id)
