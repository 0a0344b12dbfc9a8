"""What the clock says in the middle of the week: which leaders gave no sign since the digest."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.core.leaders.decisions import week_of
from bot.core.messages import Line, Say, ToDuty
from schedules.tick import Tick
from storage import once
from storage.leaders import readers
from storage.leaders.readers import Reader

KIND = "digest.text"
"""The words that are waited for: the weekly digest."""
WEDNESDAY = 2


def tell_unread(tick: Tick) -> Sequence[Say]:
    """Wednesday 09:00, or the first working day after it: the office hears once who has neither
    answered nor written since the digest arrived, and to whom it has not arrived."""
    today = tick.park.local(tick.due).date()
    if today != _find_ask_day(tick, today):
        return ()
    monday = datetime.combine(week_of(today), time(), tick.park.hours.zone)
    found = [reader for reader in readers.of_kind(tick.db, KIND, monday) if not reader.has_read]
    if not found or not once.claim(tick.db, f"unread:{today}", tick.now):
        return ()
    told = {"count": len(found), "lines": tuple(_line(reader) for reader in found)}
    return (Say(ToDuty(), "decision.unread", told),)


def _find_ask_day(tick: Tick, today: date) -> date | None:
    """The first working day from Wednesday on; None in a week without one."""
    days = (week_of(today) + timedelta(days=n) for n in range(WEDNESDAY, 7))
    calendar = tick.park.hours.calendar
    return next((day for day in days if calendar.is_working_day(day)), None)


def _line(one: Reader) -> Line:
    told = {"name": one.person.name, "phone": one.person.phone, "sent_at": one.sent_at}
    return Line("decision.unread_line" if one.sent_at else "decision.undelivered_line", told)
