"""Free words of an enterprise that only named people may see, before anything is made of them."""

from bot.actions.issues.sealing import find_seal
from bot.core.issues.issue import Issue
from bot.core.people import Role
from handlers.dispatch.issue_lookup import scope
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import sealed_verbs, sealing
from handlers.issues.filing import kind_names
from handlers.issues.supplements import find_just_filed
from storage.issues import issues


def answer_sealed(turn: Turn) -> Reply | None:
    """A complaint about somebody, advice, what is to be kept: filed for its reader alone, or added
    to what was just filed so. None for all other words."""
    if turn.role is not Role.CONTACT or not turn.text.strip() or _is_said_of_sealed(turn):
        return None
    answered = sealing.answer_reader(turn)
    if answered is not None:
        return answered
    marked = sealing.find_marked(turn)
    if marked is not None:
        return sealed_verbs.seal_issue(turn, marked)
    if find_seal(turn, turn.text, sealing.find_firm(turn)) is None:
        return None
    fresh = find_just_filed(turn)
    if fresh is not None and fresh.sealed is not None:
        return sealing.join(turn, fresh)
    if fresh is not None and fresh.title in kind_names(turn):
        # The picture came first; what it is about is said now.
        return sealed_verbs.seal_issue(turn, fresh, turn.text)
    return sealing.keep_apart(turn, turn.text, _find_quoted(turn))


def _is_said_of_sealed(turn: Turn) -> bool:
    """Whether the words reply to a sealed matter's card, or were asked for about one: there they
    go the usual way, which leads to its reader."""
    asked = {asked.issue_id for asked in turn.questions if asked.until >= turn.now}
    about = [issue_id for issue_id in (turn.quoted_id, *asked) if issue_id is not None]
    found = (issues.visible(turn.db, issue_id, scope(turn)) for issue_id in about)
    return any(issue is not None and issue.sealed is not None for issue in found)


def _find_quoted(turn: Turn) -> Issue | None:
    if turn.quoted_id is None:
        return None
    return issues.visible(turn.db, turn.quoted_id, scope(turn))
