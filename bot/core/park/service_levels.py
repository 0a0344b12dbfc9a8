"""Service levels (时限): by when an issue is accepted, answered, solved; what a pause does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.core.days.working_hours import WorkingHours


class Unit(StrEnum):
    """What a span is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class Basis(StrEnum):
    """Whether only working time counts, or every hour on the clock."""

    WORKING = "working"
    NATURAL = "natural"


_CLOCK_TIME = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
}
LONGEST = timedelta(days=366)
"""No span is longer: what takes more than a year is a dated plan (挂账) or a slip of the pen."""


@dataclass(frozen=True)
class Span:
    """A length of time as people name it: "1 working hour", "2 working days", "24 hours".

    Raises ValueError, naming the field, for an amount that is not positive or exceeds a year.
    """

    amount: int
    unit: Unit
    basis: Basis = Basis.WORKING

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError(f"amount: {self.amount} is not more than 0")
        if self.amount > LONGEST / _CLOCK_TIME[self.unit]:
            raise ValueError(f"amount: {self.amount} {self.unit}s is more than a year")

    def __str__(self) -> str:
        return f"{self.amount}{self.unit[0]}{self.basis[0]}"

    @classmethod
    def parse(cls, short: str) -> "Span":
        """The span that `str` wrote: `1hw` is one working hour, `2dn` two natural days."""
        unit = next(member for member in Unit if member[0] == short[-2])
        basis = next(member for member in Basis if member[0] == short[-1])
        return cls(int(short[:-2]), unit, basis)

    @property
    def clock_time(self) -> timedelta:
        """The length on the clock; a working day has no fixed one, see `due`."""
        return _CLOCK_TIME[self.unit] * self.amount


@dataclass(frozen=True)
class ServiceLevel:
    """The three spans "1+1+2" of one kind of issue: to accept it, to answer first, to solve it.

    `version` counts up whenever an office changes the spans: an old issue keeps what it was given.
    Raises ValueError, naming the field, without an id or with a version below 1.
    """

    id: str
    accept: Span = Span(1, Unit.HOUR)
    answer: Span = Span(1, Unit.DAY)
    solve: Span = Span(2, Unit.DAY)
    version: int = 1

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ValueError("id: is empty")
        if self.version < 1:
            raise ValueError(f"version: {self.version} is not at least 1")

    @property
    def terms(self) -> str:
        """The spans in short, kept with each issue that was given it: `1hw,1dw,2dw`."""
        return f"{self.accept},{self.answer},{self.solve}"

    @classmethod
    def from_terms(cls, name: str, terms: str) -> "ServiceLevel":
        """The service level that an issue was given, whatever the settings say now."""
        accept, answer, solve = (Span.parse(term) for term in terms.split(","))
        return cls(name, accept, answer, solve)


@dataclass(frozen=True)
class Deadlines:
    """When the three parts of a service level fall due: aware, in the zone of the working hours."""

    accept: datetime
    answer: datetime
    solve: datetime


def deadlines(filed_at: datetime, level: ServiceLevel, hours: WorkingHours) -> Deadlines:
    """By when an issue filed at this moment is to be accepted, answered and solved."""
    return Deadlines(
        accept=due(filed_at, level.accept, hours),
        answer=due(filed_at, level.answer, hours),
        solve=due(filed_at, level.solve, hours),
    )


def due(since: datetime, span: Span, hours: WorkingHours) -> datetime:
    """The end of a span that begins at `since`; also a deadline extended (延期) by a span.

    - Natural: so many minutes, hours or days of 24 hours, day and night, holidays too.
    - Working minutes and hours: only working time counts. Friday 16:50 + 1 hour: Monday 09:20.
    - Working days: the same time of day so many working days later. Friday 16:50 + 1 day: Monday
      16:50. What begins outside working time counts from the next opening: Saturday + 1 day is
      Monday 09:00 + 1 day, Tuesday 09:00.
    """
    if span.unit is Unit.DAY and span.basis is Basis.WORKING:
        return hours.add_days(since, span.amount)
    return _after(hours.local(since), span.clock_time, span.basis, hours)


def shift_deadline(
    deadline: datetime, basis: Basis, paused_at: datetime, resumed_at: datetime, hours: WorkingHours
) -> datetime:
    """The deadline after a pause: later by as much time of its basis as the pause took.

    A deadline that had passed when the pause began stays, and so does every one when the clock of
    the machine was set back in between. Reminders (`fraction_points`) move by the same rule.
    """
    deadline = hours.local(deadline)
    if deadline <= paused_at:
        return deadline
    pause = _between(paused_at, resumed_at, basis, hours)
    return _after(deadline, pause, basis, hours) if pause else deadline


def pause_limit(paused_at: datetime, limit: Span, hours: WorkingHours) -> datetime:
    """When a clock that waits for the enterprise runs again, answer or no answer."""
    return due(paused_at, limit, hours)


def fraction_points(
    start: datetime,
    deadline: datetime,
    basis: Basis,
    hours: WorkingHours,
    fractions: tuple[float, ...] = (0.5, 0.8, 1.0),
) -> tuple[datetime, ...]:
    """The moments at which these fractions of a span are used up; 1.0 is the deadline itself.

    Of working spans, fractions of its working time. Compute them at filing and move each with
    `shift_deadline` after a pause: those that had passed stay, the others keep their distance.
    Raises ValueError, naming the field, for a fraction outside (0, 1].
    """
    if odd := [each for each in fractions if not 0 < each <= 1]:
        raise ValueError(f"fractions: {odd[0]} is not above 0 and at most 1")
    start, deadline = hours.local(start), hours.local(deadline)
    whole = _between(start, deadline, basis, hours)
    return tuple(
        deadline if each == 1 or not whole else _after(start, whole * each, basis, hours)
        for each in fractions
    )


def _between(since: datetime, until: datetime, basis: Basis, hours: WorkingHours) -> timedelta:
    if basis is Basis.WORKING:
        return hours.count_working_time(since, until)
    return max(until.astimezone(UTC) - since.astimezone(UTC), timedelta())


def _after(since: datetime, amount: timedelta, basis: Basis, hours: WorkingHours) -> datetime:
    if basis is Basis.WORKING:
        return hours.add(since, amount)
    return hours.local(since.astimezone(UTC) + amount)
