"""Why a deadline is what it is, line by line."""

from datetime import timedelta

import pytest

from bot.core.days.working_calendar import Calendar
from bot.core.days.working_hours import WorkingHours
from bot.core.issues.explanation import Step, StepKind, explain
from tests.days.times import at, span

HOURS = WorkingHours()


def line(step: Step) -> str:
    """A step in the short notation of the table below."""
    first, last = (f"{each:%m-%d %H:%M}" for each in (step.first, step.last))
    extent = f" {step.days}d" * bool(step.days) + f" {step.amount // MINUTE}min" * bool(step.amount)
    return f"{step.kind} {first} {last}{extent}{' ?' * step.estimate}"


MINUTE = timedelta(minutes=1)

EXPLAINED = [
    # within one morning
    ("2026-05-12 10:00", "1 working hour", ["counted_time 05-12 10:00 05-12 11:00 60min"]),
    # over lunch: one line for the day
    ("2026-05-12 11:40", "1 working hour", ["counted_time 05-12 11:40 05-12 14:10 60min"]),
    # Friday 16:50 → Monday 09:20
    (
        "2026-05-15 16:50",
        "1 working hour",
        [
            "counted_time 05-15 16:50 05-15 17:30 40min",
            "weekend 05-16 00:00 05-17 00:00 2d",
            "counted_time 05-18 09:00 05-18 09:20 20min",
        ],
    ),
    # filed on a weekday night
    (
        "2026-05-12 23:40",
        "1 working hour",
        [
            "outside_hours 05-12 23:40 05-13 09:00",
            "counted_time 05-13 09:00 05-13 10:00 60min",
        ],
    ),
    # filed as the office closes: no line for no minutes
    ("2026-05-12 17:30", "1 working hour", ["counted_time 05-13 09:00 05-13 10:00 60min"]),
    ("2026-05-12 12:00", "1 working hour", ["counted_time 05-12 13:30 05-12 14:30 60min"]),
    # filed in the middle of 国庆
    (
        "2026-10-04 12:00",
        "1 working day",
        [
            "outside_hours 10-04 12:00 10-08 09:00",
            "holiday 10-04 00:00 10-07 00:00 4d",
            "counted_days 10-09 00:00 10-09 00:00 1d",
        ],
    ),
    # a make-up Saturday is named, and so is the Sunday after it
    (
        "2026-05-08 17:00",
        "8 working hours",
        [
            "counted_time 05-08 17:00 05-08 17:30 30min",
            "make_up_day 05-09 00:00 05-09 00:00 1d",
            "counted_time 05-09 09:00 05-09 17:30 420min",
            "weekend 05-10 00:00 05-10 00:00 1d",
            "counted_time 05-11 09:00 05-11 09:30 30min",
        ],
    ),
    # working days over 春节: Friday, worked Saturday, nine days off, Tuesday
    (
        "2026-02-13 11:00",
        "2 working days",
        [
            "make_up_day 02-14 00:00 02-14 00:00 1d",
            "counted_days 02-14 00:00 02-14 00:00 1d",
            "holiday 02-15 00:00 02-23 00:00 9d",
            "counted_days 02-24 00:00 02-24 00:00 1d",
        ],
    ),
    # filed after closing time of a worked Saturday, which therefore does not count
    (
        "2026-02-28 18:00",
        "1 working hour",
        [
            "outside_hours 02-28 18:00 03-02 09:00",
            "weekend 03-01 00:00 03-01 00:00 1d",
            "counted_time 03-02 09:00 03-02 10:00 60min",
        ],
    ),
    # natural time needs no calendar
    ("2026-05-15 16:50", "1 natural day", ["counted_time 05-15 16:50 05-16 16:50 1440min"]),
]


@pytest.mark.parametrize(("filed", "length", "middle"), EXPLAINED)
def test_every_step_from_filing_to_due(filed: str, length: str, middle: list[str]) -> None:
    first, *steps, last = explain(at(filed), span(length), HOURS)
    assert (first.kind, first.first) == (StepKind.FILED, at(filed))
    assert [line(step) for step in steps] == middle
    assert last.kind is StepKind.DUE
    assert not last.estimate


def test_the_first_days_of_2027_are_marked_as_an_estimate() -> None:
    steps = explain(at("2026-12-31 17:00"), span("1 working hour"), HOURS)
    assert [line(step) for step in steps] == [
        "filed 12-31 17:00 12-31 17:00",
        "counted_time 12-31 17:00 12-31 17:30 30min",
        "holiday 01-01 00:00 01-03 00:00 3d ?",
        "counted_time 01-04 09:00 01-04 09:30 30min",
        "due 01-04 09:30 01-04 09:30 ?",
    ]


def test_a_correction_takes_the_estimate_away() -> None:
    noticed = frozenset(at(f"2027-01-0{day} 00:00").date() for day in (1, 2, 3))
    calendar = Calendar(off=noticed, work=frozenset({at("2027-01-04 00:00").date()}))
    hours = WorkingHours(calendar=calendar)
    steps = explain(at("2026-12-31 17:00"), span("1 working hour"), hours)
    assert not any(step.estimate for step in steps)


def test_the_park_closed_on_a_tuesday_reads_as_a_holiday() -> None:
    hours = WorkingHours(calendar=Calendar(off=frozenset({at("2026-05-12 00:00").date()})))
    steps = explain(at("2026-05-11 10:00"), span("1 working day"), hours)
    assert [step.kind for step in steps] == ["filed", "holiday", "counted_days", "due"]
