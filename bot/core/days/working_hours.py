"""Working time: when an office is open, and arithmetic that counts only that time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core.days.working_calendar import OFFICIAL, ONE_DAY, Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = (time(9), time(12))
AFTERNOON = (time(13, 30), time(17, 30))

Opening = tuple[datetime, datetime]
"""An opening and its closing on one day, aware, in the zone of the working hours."""


@dataclass(frozen=True)
class WorkingHours:
    """The same spans of local time on every working day; both ends of a span belong to it.

    Everything returned is in `zone`; any aware datetime may be given. Within an opening, time is
    read off the clock on the wall, so no span may cross a change of summer time (China has none).
    Raises ValueError, naming the field, for spans that are missing, reversed or overlapping.
    """

    spans: tuple[tuple[time, time], ...] = (MORNING, AFTERNOON)
    calendar: Calendar = OFFICIAL
    zone: ZoneInfo = SHANGHAI
    _opened: dict[date, tuple[Opening, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("spans: at least one is needed")
        for opens, closes in self.spans:
            if opens >= closes:
                raise ValueError(f"spans: {opens:%H:%M} is not before {closes:%H:%M}")
        for (_, closes), (opens, _) in pairwise(sorted(self.spans)):
            if opens < closes:
                raise ValueError(f"spans: {opens:%H:%M} lies before the end {closes:%H:%M}")

    def local(self, moment: datetime) -> datetime:
        """The same moment in the office's zone. Raises ValueError for a naive datetime."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
        return moment.astimezone(self.zone)

    def on(self, day: date) -> tuple[Opening, ...]:
        """The day's openings in order; none on a day off."""
        known = self._opened.get(day)
        if known is None:
            known = self._opened[day] = self._lay_out(day)
        return known

    def openings(self, since: datetime) -> Iterator[Opening]:
        """All working time after `since`, without end; the first opening is cut to begin there."""
        since = self.local(since)
        day = since.date()
        for opens, closes in self.on(day):
            if since < closes:
                yield max(opens, since), closes
        while True:
            day += ONE_DAY
            yield from self.on(day)

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment is working time; the very minute of closing still is."""
        moment = self.local(moment)
        return any(opens <= moment <= closes for opens, closes in self.on(moment.date()))

    def entry(self, moment: datetime) -> datetime:
        """The moment itself in working time, else the next opening."""
        moment = self.local(moment)
        return moment if self.is_open(moment) else next(self.openings(moment))[0]

    def add(self, moment: datetime, amount: timedelta) -> datetime:
        """The earliest end of `amount` (more than zero) of working time counted from `moment`.

        Friday 16:50 and one hour give Monday 09:20; Friday 16:30 and one hour give Friday 17:30.
        """
        for opens, closes in self.openings(moment):
            if amount <= closes - opens:
                return opens + amount
            amount -= closes - opens
        raise AssertionError("openings never end")

    def add_days(self, moment: datetime, days: int) -> datetime:
        """The same time of day so many working days later; outside working time, from the `entry`.

        One day from Friday 16:50 is Monday 16:50. Saturday counts as Monday 09:00, so one day from
        Saturday is Tuesday 09:00; Friday 12:10 counts as 13:30, so it gives Monday 13:30.
        """
        start = self.entry(moment)
        day = start.date()
        for _ in range(days):
            day = self.calendar.next_working_day(day)
        return datetime.combine(day, start.timetz())

    def count_working_time(self, since: datetime, until: datetime) -> timedelta:
        """Working time from `since` to `until`; zero when `until` is not later."""
        total, until = timedelta(), self.local(until)
        for opens, closes in self.openings(since):
            if until <= opens:
                break
            total += min(closes, until) - opens
        return total

    def _lay_out(self, day: date) -> tuple[Opening, ...]:
        if not self.calendar.is_working_day(day):
            return ()
        return tuple(
            (datetime.combine(day, opens, self.zone), datetime.combine(day, closes, self.zone))
            for opens, closes in sorted(self.spans)
        )
