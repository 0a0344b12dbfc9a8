"""The issues that free words of the staff may be about, the likeliest first."""

from collections.abc import Sequence

from bot.core.issues.issue import OPEN, Issue
from bot.core.people import OWNERS
from handlers.dispatch.issue_lookup import answerable, scope
from handlers.dispatch.turn import Turn
from storage.delivery import messages, shown
from storage.issues import access, issues
from storage.people import people

OFFERED = 3
LOOKED_AT = 50
"""Open issues among which those that are named are looked for."""


def list_candidates(turn: Turn) -> list[Issue]:
    """The issues whose firms may be meant: those whose firm the words name, then whose firm wrote
    last, then what is owed first. None that is sealed: its writer is answered by its number."""
    mine = issues.open_among(turn.db, access.UNSEALED & answerable(turn, "answer"))
    last = messages.last_of_firms(turn.db, [issue.id for issue in mine])
    firms = _find_firms(turn)
    first = sorted(
        mine, key=lambda issue: (issue.enterprise_id not in firms, -last.get(issue.id, 0))
    )
    return first[:OFFERED]


def list_for_leader(turn: Turn) -> list[Issue]:
    """What a leader's words may be an instruction on: where they name a firm or who is to act, the
    issues of both, else of either; else those that came up to the leader."""
    firms, holders = _find_firms(turn), _find_holders(turn)
    if firms or holders:
        seen = issues.open_among(turn.db, scope(turn), LOOKED_AT)
        fits = [(issue.enterprise_id in firms, issue.owner_id in holders, issue) for issue in seen]
        for named in (
            [issue for firm, holder, issue in fits if firm and holder],
            [issue for firm, _holder, issue in fits if firm],
            [issue for _firm, holder, issue in fits if holder],
        ):
            if named:
                return named[:OFFERED]
    return issues.open_among(turn.db, access.is_held_by(turn.person_id or 0), OFFERED)


def names_somebody(turn: Turn) -> bool:
    """Whether the words name a firm or a colleague who may act."""
    return bool(_find_firms(turn) or _find_holders(turn))


def names_another(turn: Turn, issue_id: int | None) -> bool:
    """Whether the words name a firm or somebody who acts, and not those of this issue."""
    issue = issues.get(turn.db, issue_id) if issue_id else None
    if issue is None:
        return False
    if firms := _find_firms(turn):
        return issue.enterprise_id not in firms
    holders = _find_holders(turn)
    return bool(holders) and issue.owner_id not in holders


def put_current_first(turn: Turn, candidates: Sequence[Issue]) -> list[Issue]:
    """A further remark is most likely about the matter that the last one was about."""
    current = issues.visible(turn.db, turn.thread.issue_id or 0, answerable(turn, "answer"))
    seen = shown.last_of(turn.db, turn.thread.id)
    if current is None or current.status not in OPEN or not seen or seen.issue_id != current.id:
        return list(candidates)
    return [current, *(issue for issue in candidates if issue.id != current.id)][:OFFERED]


def _find_firms(turn: Turn) -> set[int]:
    """The firms that the words name."""
    written = turn.naming.index(turn.db).find_written(turn.text)
    return {firm for _name, firms in written for firm in firms}


def _find_holders(turn: Turn) -> set[int]:
    """The colleagues who may act and whose whole names stand in the words."""
    named = people.list_named_in(turn.db, turn.text)
    return {person.id for person in named if person.role in OWNERS}
