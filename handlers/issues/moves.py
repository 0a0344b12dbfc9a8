"""Does one move as the person of this turn: what are they to the issue?"""

from datetime import datetime
from typing import Any

from bot.actions.issues.record import record
from bot.core.issues.issue import Issue, Milestone
from bot.core.issues.lifecycle import FIRST_MOVES, Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Overtaken, Refused
from bot.core.people import OWNERS, STAFF, Role
from handlers.dispatch.turn import Turn
from storage.issues import helpers, issues, sealing
from storage.people import people

_HELPER = frozenset({Who.HELPER})


def who(turn: Turn, issue: Issue) -> frozenset[Who]:
    """What the person of this turn is to an issue."""
    person = turn.person
    if issue.sealed is not None:
        return _who_of_sealed(turn, issue)
    found: set[Who] = set()
    if turn.role is Role.CONTACT and _speaks_for(turn, issue):
        found.add(Who.REPORTER)
    if person is not None and person.role in OWNERS:
        if person.id == issue.owner_id:
            found.add(Who.OWNER)
        if person.id == issue.offered_to:
            found.add(Who.OFFERED)
    if person is not None and person.id in (issue.superior_id, issue.leader_id):
        found.add(Who.SUPERIOR)
    if turn.role is Role.LEADER:
        found.add(Who.LEADER)
    if turn.role is Role.OFFICE:
        found.add(Who.DUTY)
    if not found and person is not None and person.role in STAFF:
        return _HELPER if helpers.helps(turn.db, issue.id, person.id) else frozenset()
    return frozenset(found)


def _who_of_sealed(turn: Turn, issue: Issue) -> frozenset[Who]:
    """To a sealed issue only its writer and its readers are anything, whatever else they are to the
    park; nobody who is meant in it is."""
    if turn.role is Role.CONTACT:
        mine = issue.reporter_id == turn.person_id
        own = mine if issue.reporter_id is not None else issue.thread_id == turn.thread.id
        return frozenset({Who.REPORTER}) if own else frozenset()
    if turn.person_id not in sealing.list_readers(turn.db, issue.id):
        return frozenset()
    holds = issue.owner_id == turn.person_id
    return frozenset({Who.SUPERIOR, Who.OWNER} if holds else {Who.SUPERIOR})


def do(
    turn: Turn,
    issue: Issue,
    move: Move,
    *,
    text: str = "",
    until: datetime | None = None,
    stars: int | None = None,
    to: int | None = None,
    milestones: tuple[Milestone, ...] = (),
    firm: int | None = None,
    into: int | None = None,
    as_bot: bool = False,
) -> Issue:
    """The issue after the move, written down. Raises Refused when a rule says no."""
    _keep_from_named(turn, issue, move, to)
    roles = frozenset({Who.BOT}) if as_bot else who(turn, issue)
    by = None if as_bot else turn.person_id
    more: dict[str, Any] = {"milestones": milestones, "firm": firm, "into": into}
    act = Act(move, roles, turn.now, by, text, until, stars, to, **more)
    thread_id = None if as_bot else turn.thread.id
    try:
        return record(turn, issue, act, thread_id=thread_id, media_id=turn.media_id)
    except Refused as no:
        faster = _faster(turn, issue, move) if no.key == "refused.status" else None
        raise faster or no from None


def _keep_from_named(turn: Turn, issue: Issue, move: Move, to: int | None) -> None:
    """Nobody who is meant in a matter holds it, settles it, merges it or changes its category, also
    not once its seal was lifted. Raises Refused."""
    if move not in _NOT_BY_NAMED or turn.role is Role.CONTACT:
        return
    for person_id in {turn.person_id, to} - {None}:
        if person_id is not None and sealing.is_named(turn.db, issue.id, person_id):
            raise Refused("sealed.named", number=issue.number)


_NOT_BY_NAMED = frozenset(
    {
        *(Move.ACCEPT, Move.TAKE, Move.PASS_ON, Move.RULE, Move.RETURN, Move.ANSWER, Move.ASK),
        *(Move.RESOLVE, Move.CLOSE, Move.MERGE, Move.SPLIT, Move.RECATEGORISE, Move.PLAN),
        *(Move.EXTEND, Move.GRANT, Move.DENY, Move.ASSIST, Move.SPONSOR),
    }
)


def _faster(turn: Turn, issue: Issue, move: Move) -> Overtaken | None:
    """Who did the very same before, on another phone; None where that is not why it is refused."""
    same = FIRST_MOVES if move is Move.ACCEPT else {move}
    events = issues.history(turn.db, issue.id)
    undone = {event.undoes for event in events}
    done = [
        event
        for event in events
        if event.move in same and event.id not in undone and event.person_id
    ]
    if not done or done[-1].thread_id in (None, turn.thread.id):
        return None
    last = done[-1]
    told = {"number": issue.number, "at": last.at, "status": issue.status, "move": last.move}
    name = people.get(turn.db, last.person_id or 0).name
    return Overtaken("refused.overtaken", name=name, **told)


def _speaks_for(turn: Turn, issue: Issue) -> bool:
    if issue.thread_id == turn.thread.id:
        return True
    enterprise = turn.person.enterprise_id if turn.person else None
    return enterprise is not None and enterprise == issue.enterprise_id
