"""What the clock says at a quarter to nine on working days: each one's own list, worst first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.issues.assign import today
from bot.actions.sessions.promises import promise_facts
from bot.core.issues.due import open_parts
from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.messages import Line, Say, ToDuty, ToPerson
from bot.core.park.assignment import stand_in
from bot.core.people import OWNERS
from bot.core.sessions.promises import Promise
from schedules.tick import Tick
from storage import once
from storage.issues import issues
from storage.people import absences, people
from storage.sessions import promises

SHOWN = 8
"""Lines of a list; the rest is one `待办` away."""
SOON = 1
"""Promises of a session are listed from so many working days before their day on."""


@dataclass(frozen=True)
class _Entry:
    """One line of a list and what it is about; the earliest due comes first."""

    due: datetime
    what: Issue | Promise


def tell_morning_list(tick: Tick) -> Sequence[Say]:
    """One message to everyone who holds something or promised something; nothing on a day off."""
    day = today(tick)
    if not tick.park.hours.calendar.is_working_day(day):
        return ()
    if not once.claim(tick.db, f"morning:{day}", tick.now):
        return ()  # the timetable was changed to later on the same day
    owners = {person.id for role in OWNERS for person in people.of_role(tick.db, role)}
    held, promised = issues.group_by_owner(tick.db), _group_promises(tick)
    says = [
        Say(
            ToPerson(person_id),
            "morning.list",
            _build_values(tick, held.get(person_id, ()), promised[person_id]),
        )
        for person_id in sorted(
            owners | {person_id for person_id in promised if person_id is not None}
        )
        if (person_id in owners and held.get(person_id)) or promised.get(person_id)
    ]
    if nobodys := promised.get(None):
        says.append(Say(ToDuty(), "morning.list", _build_values(tick, (), nobodys)))
    return says


def _group_promises(tick: Tick) -> defaultdict[int | None, list[Promise]]:
    """What was promised at sessions and falls due, by whoever must keep it or stands in for them;
    under None what is nobody's."""
    found: defaultdict[int | None, list[Promise]] = defaultdict(list)
    until = tick.park.hours.add_days(tick.now, SOON)
    last = tick.park.local(until).date()
    away = absences.away_on(tick.db, today(tick))
    for promise in promises.open_ones(tick.db):
        if tick.park.local(promise.due).date() <= last:
            acting = stand_in(promise.person_id, away).person_id if promise.person_id else None
            found[acting or promise.person_id].append(promise)
    return found


def _build_values(tick: Tick, mine: Sequence[Issue], owed: Sequence[Promise]) -> dict[str, object]:
    """Promises have a line each: `待办` does not list them."""
    held = sorted((_Entry(_first_due(issue), issue) for issue in mine), key=_due)
    shown = held[: max(0, SHOWN - len(owed))]
    entries = sorted([*shown, *(_Entry(promise.due, promise) for promise in owed)], key=_due)
    rest = len(held) - len(shown)
    late = sum(
        entry.due <= tick.now
        for entry in (*held, *(_Entry(promise.due, promise) for promise in owed))
    )
    return {
        "count": len(held),
        "promises": Line("morning.promises", {"count": len(owed)}) if owed else None,
        "late": late,
        "lines": tuple(_line(tick, entry) for entry in entries),
        "more": Line("morning.more", {"rest": rest}) if rest else None,
        "look": Line("morning.look") if held else None,
        "settle": Line("morning.settle", promise_facts(tick, owed[0])) if owed else None,
    }


def _due(entry: _Entry) -> datetime:
    return entry.due


def _line(tick: Tick, entry: _Entry) -> Line:
    near = _near(tick, entry.due)
    if isinstance(entry.what, Promise):
        return Line(f"morning.{near}_promise", promise_facts(tick, entry.what))
    told = {"number": entry.what.number, "title": entry.what.title, "due": entry.due}
    return Line(f"morning.{near}", told)


def _near(tick: Tick, at: datetime) -> str:
    if at <= tick.now:
        return "late"
    return "near" if tick.park.local(at).date() == today(tick) else "far"


def _first_due(issue: Issue) -> datetime:
    """The next promise to keep; what waits for the enterprise comes last, by its old deadline."""
    assert issue.status in WORKED_ON
    return min((at for _part, at in open_parts(issue)), default=issue.solve_due)
