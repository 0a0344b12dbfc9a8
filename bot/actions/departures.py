"""Somebody leaves, or a phone is theirs no more: what they had goes on, what could act is dead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions import calls as ringing
from bot.actions.context import Context
from bot.actions.issues.hand_over import list_lines, offer_taking
from bot.actions.issues.record import record
from bot.core.departures import Ending
from bot.core.issues.issue import Issue
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act
from bot.core.messages import Line, Say, ToDuty, ToPerson
from bot.core.notifications import REMINDERS
from bot.core.people import Person, Role
from storage import calls
from storage.delivery import held_words, links, outbox, parted, threads
from storage.delivery.heirs import find_heirs
from storage.issues import helpers, loads
from storage.people import absences, codes, departures, holdings, people
from storage.people.departures import Departure
from storage.sessions import sessions

_BOT = frozenset({Who.BOT})
_READS_MINUTES = frozenset({Role.OFFICE, Role.LEADER})
"""Who has the link to whole minutes: it is one for all of them."""


@dataclass(frozen=True)
class Left:
    """What came of it: who was told, which matters were offered on, what moved by itself."""

    says: tuple[Say, ...]
    issues: tuple[Issue, ...]
    moved: holdings.Moved


def leave(
    context: Context,
    person: Person,
    to: Person | None,
    *,
    by: Person | None = None,
    thread_id: int | None = None,
) -> Left:
    """The person works for the park, or speaks for their firm, no more from this moment on: no
    verb, button, menu or link of theirs does anything. `to` is who has it now, None for the duty
    desk; matters are offered, and taken by a tap. `thread_id`: where it may be taken back."""
    db, to_id = context.db, to.id if to else None
    people.change_person(db, person.id, ended_at=context.now, successor_id=to_id)
    gone = people.get(db, person.id)
    before: dict[str, Any] = {
        "moved": holdings.move(db, person.id, to_id),
        "absences": _end_absences(context, person),
        "assists": _pass_assists(context, person, to),
    }
    offered, says = _offer_issues(context, person, to)
    before["threads"] = _part(context, gone, [t.id for t in threads.of_everywhere(db, person.id)])
    says += _ring_others(context, person)
    codes.end(db, person.id, context.now)
    held_words.take_back_all(db, person.id, context.now)
    departures.add(
        db,
        person_id=person.id,
        parting=Ending.LEFT,
        at=context.now,
        successor_id=to_id,
        by_id=by.id if by else None,
        thread_id=thread_id,
        because=context.because,
        before=before,
    )
    left = Left(tuple(says), tuple(offered), before["moved"])
    return Left((*_tell(context, gone, to, left), *says), left.issues, left.moved)


def unbind(
    context: Context,
    person: Person,
    found: Sequence[threads.Thread],
    *,
    by: Person | None,
    thread_id: int | None,
) -> None:
    """These phones are not the person's any more; they stay who they are."""
    gone = _part(context, person, [thread.id for thread in found])
    codes.end(context.db, person.id, context.now)
    departures.add(
        context.db,
        person_id=person.id,
        parting=Ending.UNBOUND,
        at=context.now,
        successor_id=None,
        by_id=by.id if by else None,
        thread_id=thread_id,
        because=context.because,
        before={"threads": gone},
    )


def put_back(context: Context, departure: Departure) -> None:
    """All of it but the matters is as it was before, where nobody has gone on with it since."""
    db, before = context.db, departure.before
    if departure.parting is Ending.LEFT:
        people.change_person(db, departure.person_id, ended_at=None, successor_id=None)
        holdings.move_back(db, departure.person_id, departure.successor_id, before["moved"])
        for absence_id in before["absences"]:
            absences.change(db, absence_id, ended_at=None)
        for issue_id in before["assists"]:
            helpers.add(db, issue_id, departure.person_id)
    threads.rejoin(db, before["threads"], departure.person_id)
    parted.bring_back(db, before["threads"], departure.at)
    departures.undo(db, departure.id, context.now)


def describe(context: Context, moved: holdings.Moved) -> tuple[Line, ...]:
    """What moved by itself, a line for each kind."""
    firms = sorted({*moved.get("liaison", ()), *moved.get("deputy", ()), *moved.get("leader", ())})
    found = [Line("departure.firms", {"count": len(firms)})] if firms else []
    kinds = ("promise", "project", "reform", "decision", "substitute")
    found += [
        Line(f"departure.{kind}", {"count": len(moved[kind])}) for kind in kinds if kind in moved
    ]
    return tuple(found)


def _tell(context: Context, person: Person, to: Person | None, left: Left) -> list[Say]:
    """One card for whoever has it now; without one the duty desk, which passes the matters on."""
    told = {
        "name": person.name,
        "role": person.role,
        "moved": describe(context, left.moved),
        "count": len(left.issues),
        **list_lines(left.issues),
    }
    if person.role is Role.CONTACT or not (left.issues or told["moved"]):
        return []
    options = offer_taking(context, person.name, left.issues, taken="take" if to else "pass_on")
    if to is None:
        return [Say(ToDuty(), "departure.nobody", told, options)]
    return [Say(ToPerson(to.id), "departure.handover", told, options)]


def _offer_issues(
    context: Context, person: Person, to: Person | None
) -> tuple[list[Issue], list[Say]]:
    """What they hold is offered on; what they were asked to take goes back to who asked."""
    offered: list[Issue] = []
    says: list[Say] = []
    why = context.texts.render("departure.why", {"name": person.name})
    for issue in loads.list_held_or_offered(context.db, person.id):
        if issue.owner_id == person.id:
            offered.append(_offer_issue(context, issue, to, why))
        else:
            record(context, issue, Act(Move.DECLINE, _BOT, context.now, text=why))
            told = {"number": issue.number, "title": issue.title, "name": person.name}
            back = ToPerson(issue.owner_id) if issue.owner_id else ToDuty()
            says.append(Say(back, "departure.not_taken", told, issue_id=issue.id))
    return offered, says


def _offer_issue(context: Context, issue: Issue, to: Person | None, why: str) -> Issue:
    if to is not None and issue.offered_to != to.id:
        return record(context, issue, Act(Move.PASS_ON, _BOT, context.now, text=why, to=to.id))
    return issue


def _part(context: Context, person: Person, thread_ids: list[int]) -> list[int]:
    """These threads are nobody's. What was on its way there about a matter goes to who has it now;
    the rest reaches nobody."""
    db, now = context.db, context.now
    threads.part(db, thread_ids)
    links.end(db, thread_ids, now)
    if person.role in _READS_MINUTES:
        sessions.renew_papers(db)
    heirs = find_heirs(db, person.id)
    waiting = parted.list_waiting(db, thread_ids)
    for parcel in waiting:
        if parcel.issue_id is not None and parcel.kind not in REMINDERS and heirs:
            told = {"name": person.name, "text": parcel.text}
            text = context.texts.render("departure.meant_for", told)
            parted.hand_on(db, parcel.id, heirs[0].id, text)
    left = [parcel.id for parcel in parted.list_waiting(db, thread_ids)]
    outbox.give_up(db, left, now, outbox.PARTED)
    return thread_ids


def _end_absences(context: Context, person: Person) -> list[int]:
    """Who has left is not away: nobody is told that they are back."""
    found = [absence.id for absence in absences.open_of(context.db, person.id)]
    for absence_id in found:
        absences.change(context.db, absence_id, ended_at=context.now)
    return found


def _pass_assists(context: Context, person: Person, to: Person | None) -> list[int]:
    found = helpers.list_helped(context.db, person.id)
    for issue_id in found:
        helpers.remove(context.db, issue_id, person.id)
        if to is not None:
            helpers.add(context.db, issue_id, to.id)
    return found


def _ring_others(context: Context, person: Person) -> list[Say]:
    """Calls that they were to make are asked of the next one."""
    says = []
    for call in calls.list_waiting_for(context.db, person.id):
        free = calls.change(context.db, call.id, taken_by=None, taken_at=None)
        says.append(ringing.climb(context, free))
    return says
