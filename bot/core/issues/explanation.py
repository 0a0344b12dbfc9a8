"""Why a deadline is what it is (为什么是这个时间): the count from filing to due, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from bot.core.days.working_calendar import ONE_DAY
from bot.core.days.working_hours import WorkingHours
from bot.core.park.service_levels import Basis, Span, Unit, due

_SATURDAY = 5


class StepKind(StrEnum):
    """What one line of an explanation says."""

    FILED = "filed"
    """The count was asked for at `first`."""
    OUTSIDE_HOURS = "outside_hours"
    """`first` was not working time: the count begins at `last`, the next opening."""
    WEEKEND = "weekend"
    """The days from `first` to `last` are an ordinary weekend, not counted."""
    HOLIDAY = "holiday"
    """The days from `first` to `last` are a public holiday or the park's own, not counted."""
    MAKE_UP_DAY = "make_up_day"
    """The Saturday or Sunday `first` is worked (调休) and counted."""
    COUNTED_TIME = "counted_time"
    """`amount` was counted between `first` and `last`, breaks left out."""
    COUNTED_DAYS = "counted_days"
    """The days from `first` to `last` were counted, `days` of them."""
    DUE = "due"
    """The count ends at `first`."""


@dataclass(frozen=True)
class Step:
    """One line of an explanation; `first` and `last` are aware, in the zone of the working hours.

    Where a step is about whole days they are the midnights that begin the first and the last of
    them, and `days` says how many. `estimate`: no official notice covers these days yet; of DUE,
    that some day of the count is estimated.
    """

    kind: StepKind
    first: datetime
    last: datetime
    days: int = 0
    amount: timedelta = timedelta()
    estimate: bool = False


def explain(filed_at: datetime, span: Span, hours: WorkingHours) -> tuple[Step, ...]:
    """The steps from filing to the end of the span, in the order in which they happen."""
    filed, ends = hours.local(filed_at), due(filed_at, span, hours)
    if span.basis is Basis.NATURAL:
        counted = [Step(StepKind.COUNTED_TIME, filed, ends, amount=span.clock_time)]
        estimate = False
    else:
        counted = list(_list_steps(filed, ends, span, hours))
        estimate = any(map(hours.calendar.is_estimate, _days(filed, ends)))
    return (
        Step(StepKind.FILED, filed, filed),
        *counted,
        Step(StepKind.DUE, ends, ends, estimate=estimate),
    )


def _list_steps(filed: datetime, ends: datetime, span: Span, hours: WorkingHours) -> Iterator[Step]:
    entry = hours.entry(filed)
    if entry > filed:
        yield Step(StepKind.OUTSIDE_HOURS, filed, entry)
    for worked, group in groupby(_days(filed, ends), hours.calendar.is_working_day):
        run = list(group)
        if not worked:
            yield _time_off(run, hours)
        elif span.unit is Unit.DAY:
            yield from _whole_days([day for day in run if day > entry.date()], hours)
        else:
            yield from _parts_of_days(run, entry, ends, hours)


def _time_off(run: list[date], hours: WorkingHours) -> Step:
    ordinary = all(day.weekday() >= _SATURDAY for day in run)
    return _about(StepKind.WEEKEND if ordinary else StepKind.HOLIDAY, run, hours)


def _whole_days(run: list[date], hours: WorkingHours) -> Iterator[Step]:
    yield from (_about(StepKind.MAKE_UP_DAY, [day], hours) for day in run if _is_make_up_day(day))
    if run:
        yield _about(StepKind.COUNTED_DAYS, run, hours)


def _parts_of_days(
    run: list[date], entry: datetime, ends: datetime, hours: WorkingHours
) -> Iterator[Step]:
    for day in run:
        parts = [(max(opens, entry), min(closes, ends)) for opens, closes in hours.on(day)]
        parts = [(since, until) for since, until in parts if since < until]
        if not parts:
            continue
        if _is_make_up_day(day):
            yield _about(StepKind.MAKE_UP_DAY, [day], hours)
        amount = sum((until - since for since, until in parts), timedelta())
        yield Step(StepKind.COUNTED_TIME, parts[0][0], parts[-1][1], amount=amount)


def _about(kind: StepKind, run: list[date], hours: WorkingHours) -> Step:
    first, last = (
        datetime(day.year, day.month, day.day, tzinfo=hours.zone) for day in (run[0], run[-1])
    )
    estimate = any(map(hours.calendar.is_estimate, run))
    return Step(kind, first, last, days=len(run), estimate=estimate)


def _is_make_up_day(day: date) -> bool:
    return day.weekday() >= _SATURDAY


def _days(since: datetime, until: datetime) -> list[date]:
    return [since.date() + ONE_DAY * n for n in range((until.date() - since.date()).days + 1)]
