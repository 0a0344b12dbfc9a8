"""What the clock says at a quarter to nine on working days: each one's own list, worst first."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.due import open_parts
from bot.core.issues import WORKED_ON, Issue
from bot.core.messages import Line, Say, ToPerson
from bot.core.people import OWNERS
from schedules.tick import Tick
from storage import issues, people

SHOWN = 8
"""Lines of a list; the rest is one `待办` away."""


def morning_list(tick: Tick) -> Sequence[Say]:
    """One message to everyone who holds something; nothing on a day off."""
    if not tick.house.hours.calendar.is_working_day(tick.house.local(tick.due).date()):
        return ()
    holders = [one for role in OWNERS for one in people.of_role(tick.db, role)]
    held = issues.worked_on_by_owner(tick.db)
    return [
        Say(ToPerson(one.id), "morning.list", _told(tick, held[one.id]))
        for one in sorted(holders, key=lambda person: person.id)
        if held.get(one.id)
    ]


def _told(tick: Tick, mine: Sequence[Issue]) -> dict[str, object]:
    ordered = sorted(mine, key=lambda one: _first_due(one))
    lines = tuple(_line(tick, one) for one in ordered[:SHOWN])
    rest = len(ordered) - len(lines)
    late = sum(_first_due(one) <= tick.now for one in ordered)
    return {
        "count": len(ordered),
        "late": late,
        "lines": lines,
        "more": Line("morning.more", {"rest": rest}) if rest else None,
    }


def _line(tick: Tick, issue: Issue) -> Line:
    at = _first_due(issue)
    today = tick.house.local(at).date() == tick.house.local(tick.now).date()
    near = "late" if at <= tick.now else "near" if today else "far"
    told = {"number": issue.number, "title": issue.title, "due": at}
    return Line(f"morning.{near}", told)


def _first_due(issue: Issue) -> datetime:
    """The next promise to keep; what waits for the enterprise comes last, by its old deadline."""
    assert issue.status in WORKED_ON
    return min((at for _part, at in open_parts(issue)), default=issue.solve_due)
