"""A week as leaders count it: Monday 00:00 to Monday 00:00 on the park's clock, by ISO 8601."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_WRITTEN = re.compile(r"(?P<year>\d{4})-?W(?P<number>\d{1,2})", re.IGNORECASE | re.ASCII)


class NoSuchWeek(ValueError):  # noqa: N818 - a question to the person, not an error
    """What was written is no week; `weeks` is how many the year has, None when it is unreadable."""

    def __init__(self, written: str, weeks: int | None = None) -> None:
        super().__init__(f"no such week: {written!r}")
        self.written = written
        self.weeks = weeks


@dataclass(frozen=True, order=True)
class Week:
    """The week with this number in this ISO year; 2026-W53 ends in 2027. Raises NoSuchWeek."""

    year: int
    number: int

    def __post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.number, 1)
            date.fromisocalendar(self.year, self.number, 7)
        except ValueError:
            raise NoSuchWeek(str(self), _weeks_of(self.year)) from None

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """The last day."""
        return date.fromisocalendar(self.year, self.number, 7)

    def since(self, zone: tzinfo) -> datetime:
        """When it begins, aware: what happens at this very moment belongs to it."""
        return datetime.combine(self.monday, time(), zone)

    def until(self, zone: tzinfo) -> datetime:
        """When it is over, aware: what happens at this very moment belongs to the next one."""
        return datetime.combine(self.monday + timedelta(weeks=1), time(), zone)

    def before(self, weeks: int = 1) -> "Week":
        """So many weeks earlier."""
        return week_of(self.monday - timedelta(weeks=weeks))

    def line(self, weeks: int) -> tuple["Week", ...]:
        """So many weeks, the oldest first, this one the last."""
        return tuple(self.before(back) for back in reversed(range(weeks)))


def week_of(day: date) -> Week:
    """The week in which a day of the park's calendar lies."""
    year, number, _ = day.isocalendar()
    return Week(year, number)


def week_before(now: datetime, zone: tzinfo) -> Week:
    """The last whole week: the one that a digest of this moment is about."""
    return week_of(now.astimezone(zone).date()).before()


def read_week(written: str) -> Week:
    """`2026-W47`, in any case, also without the hyphen. Raises NoSuchWeek."""
    found = _WRITTEN.fullmatch(written.strip())
    if not found:
        raise NoSuchWeek(written)
    return Week(int(found["year"]), int(found["number"]))


def _weeks_of(year: int) -> int | None:
    """28 December always lies in the last week of its year (ISO 8601)."""
    try:
        return date(year, 12, 28).isocalendar().week
    except ValueError:
        return None
