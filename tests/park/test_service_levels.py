"""The clock of service levels as tables: one row a case, one comment a row."""

from datetime import UTC, datetime

import pytest

from bot.core.days.working_hours import WorkingHours
from bot.core.park.service_levels import (
    Basis,
    Deadlines,
    ServiceLevel,
    Span,
    Unit,
    deadlines,
    due,
    fraction_points,
    pause_limit,
    shift_deadline,
)
from tests.days.times import at, span

HOURS = WorkingHours()  # 09:00–12:00 and 13:30–17:30

WORKING_HOURS = [
    # an ordinary week of May 2026
    ("2026-05-12 10:00", "1 working hour", "2026-05-12 11:00"),  # Tuesday 10:00 → 11:00
    ("2026-05-12 11:40", "1 working hour", "2026-05-12 14:10"),  # over lunch
    ("2026-05-12 12:10", "1 working hour", "2026-05-12 14:30"),  # filed at lunch
    ("2026-05-12 11:00", "1 working hour", "2026-05-12 12:00"),  # ends with the morning
    ("2026-05-12 12:00", "1 working hour", "2026-05-12 14:30"),  # filed as the morning ends
    ("2026-05-12 16:50", "1 working hour", "2026-05-13 09:20"),  # Tuesday 16:50 → Wednesday 09:20
    ("2026-05-15 16:50", "1 working hour", "2026-05-18 09:20"),  # Friday 16:50 → Monday 09:20
    ("2026-05-15 16:30", "1 working hour", "2026-05-15 17:30"),  # Friday 16:30 → closing time
    ("2026-05-15 17:30", "1 working hour", "2026-05-18 10:00"),  # filed at closing time
    ("2026-05-12 07:15", "1 working hour", "2026-05-12 10:00"),  # early in the morning
    ("2026-05-12 23:40", "1 working hour", "2026-05-13 10:00"),  # at night → next morning
    ("2026-05-16 15:00", "1 working hour", "2026-05-18 10:00"),  # Saturday → Monday
    ("2026-05-12 10:00", "30 working minutes", "2026-05-12 10:30"),
    ("2026-05-12 10:00", "7 working hours", "2026-05-13 10:00"),  # a day's worth of hours
    ("2026-05-12 10:00", "30 working hours", "2026-05-18 12:00"),  # four days, weekend, two hours
    # 劳动节: 1–5 May off, Saturday 9 May worked
    ("2026-04-30 17:00", "1 working hour", "2026-05-06 09:30"),  # Thursday → Wednesday after
    ("2026-05-08 17:00", "1 working hour", "2026-05-09 09:30"),  # Friday → the worked Saturday
    ("2026-05-09 17:00", "1 working hour", "2026-05-11 09:30"),  # the worked Saturday → Monday
    # 国庆: 1–7 October off, Sunday 20 September and Saturday 10 October worked
    ("2026-09-20 10:00", "1 working hour", "2026-09-20 11:00"),  # a Sunday like any working day
    ("2026-09-30 17:10", "1 working hour", "2026-10-08 09:40"),  # the eve → Thursday after
    ("2026-10-04 12:00", "1 working hour", "2026-10-08 10:00"),  # in the middle of it
    ("2026-10-09 17:10", "1 working hour", "2026-10-10 09:40"),  # Friday → worked Saturday
    # 春节: 15–23 February off, Saturdays 14 and 28 February worked
    ("2026-02-13 17:10", "1 working hour", "2026-02-14 09:40"),  # Friday → worked Saturday
    ("2026-02-14 17:10", "1 working hour", "2026-02-24 09:40"),  # worked Saturday → Tuesday after
    ("2026-02-18 08:00", "1 working hour", "2026-02-24 10:00"),  # on the second lunar day
    # New Year 2026/27: Friday 1 January off by estimate
    ("2026-12-31 17:10", "1 working hour", "2027-01-04 09:40"),  # Thursday → Monday
]

WORKING_DAYS = [
    ("2026-05-12 10:00", "1 working day", "2026-05-13 10:00"),  # Tuesday → Wednesday, same time
    ("2026-05-15 16:50", "1 working day", "2026-05-18 16:50"),  # Friday → Monday, same time
    ("2026-05-15 16:50", "2 working days", "2026-05-19 16:50"),  # Friday → Tuesday
    ("2026-05-12 12:10", "1 working day", "2026-05-13 13:30"),  # lunch counts as 13:30
    ("2026-05-12 12:00", "1 working day", "2026-05-13 12:00"),  # the end of the morning is itself
    ("2026-05-12 17:30", "1 working day", "2026-05-13 17:30"),  # so is closing time
    ("2026-05-12 17:31", "1 working day", "2026-05-14 09:00"),  # a minute later is tomorrow 09:00
    ("2026-05-12 23:40", "2 working days", "2026-05-15 09:00"),  # at night → from Wednesday 09:00
    ("2026-05-12 06:00", "1 working day", "2026-05-13 09:00"),  # before opening → today 09:00
    ("2026-05-16 15:00", "1 working day", "2026-05-19 09:00"),  # Saturday → from Monday 09:00
    ("2026-05-08 11:00", "2 working days", "2026-05-11 11:00"),  # Friday, worked Saturday, Monday
    ("2026-05-09 11:00", "1 working day", "2026-05-11 11:00"),  # worked Saturday → Monday
    ("2026-09-30 11:00", "1 working day", "2026-10-08 11:00"),  # over 国庆
    ("2026-09-30 11:00", "3 working days", "2026-10-10 11:00"),  # … to the worked Saturday
    ("2026-10-03 11:00", "2 working days", "2026-10-10 09:00"),  # 国庆 counts as Thursday 09:00
    ("2026-02-13 11:00", "2 working days", "2026-02-24 11:00"),  # worked Saturday, then 春节
    ("2026-02-20 11:00", "5 working days", "2026-03-02 09:00"),  # Tue…Fri, worked Sat, then Monday
    ("2026-12-31 11:00", "1 working day", "2027-01-04 11:00"),  # over New Year
    ("2026-12-30 11:00", "2 working days", "2027-01-04 11:00"),
    ("2027-02-04 11:00", "1 working day", "2027-02-09 11:00"),  # 春节 2027, by estimate
]

NATURAL = [
    ("2026-05-15 16:50", "1 natural hour", "2026-05-15 17:50"),  # Friday evening as it comes
    ("2026-05-15 23:40", "90 natural minutes", "2026-05-16 01:10"),  # past midnight
    ("2026-05-15 16:50", "1 natural day", "2026-05-16 16:50"),  # Friday → Saturday
    ("2026-09-30 11:00", "2 natural days", "2026-10-02 11:00"),  # into 国庆
    ("2026-12-31 22:00", "1 natural day", "2027-01-01 22:00"),  # into the new year
]


@pytest.mark.parametrize(("since", "length", "until"), WORKING_HOURS + WORKING_DAYS + NATURAL)
def test_a_span_ends(since: str, length: str, until: str) -> None:
    assert due(at(since), span(length), HOURS) == at(until)


def test_deadlines_of_one_plus_one_plus_two() -> None:
    filed_in_utc = datetime(2026, 5, 15, 8, 50, tzinfo=UTC)  # Friday 16:50 in Shanghai
    found = deadlines(filed_in_utc, ServiceLevel("default"), HOURS)
    assert found == Deadlines(
        accept=at("2026-05-18 09:20"), answer=at("2026-05-18 16:50"), solve=at("2026-05-19 16:50")
    )
    assert found.accept.tzinfo is HOURS.zone


def test_a_service_level_may_mix_working_and_natural_time() -> None:
    power_cut = ServiceLevel("power", span("30 natural minutes"), span("4 natural hours"))
    assert deadlines(at("2026-10-03 23:50"), power_cut, HOURS) == Deadlines(
        accept=at("2026-10-04 00:20"), answer=at("2026-10-04 03:50"), solve=at("2026-10-10 09:00")
    )


EXTENSIONS = [
    ("2026-05-19 16:50", "2 working days", "2026-05-21 16:50"),  # Tuesday → Thursday
    ("2026-05-18 09:20", "1 working hour", "2026-05-18 10:20"),
    ("2026-05-15 17:30", "1 working day", "2026-05-18 17:30"),  # closing time stays closing time
    ("2026-05-18 09:00", "1 working day", "2026-05-19 09:00"),  # opening time stays opening time
]


@pytest.mark.parametrize(("deadline", "more", "until"), EXTENSIONS)
def test_an_extension_counts_from_the_deadline(deadline: str, more: str, until: str) -> None:
    assert due(at(deadline), span(more), HOURS) == at(until)


PAUSES = [
    # deadline, paused, resumed, working deadline, natural deadline
    # an hour and a half within one morning
    (("05-13 16:00", "05-13 09:30", "05-13 11:00"), "05-13 17:30", "05-13 17:30"),
    # over lunch: 11:30–14:00 is one hour of work, two and a half on the clock
    (("05-13 16:00", "05-13 11:30", "05-13 14:00"), "05-13 17:00", "05-13 18:30"),
    # overnight: 17:00 to 09:30 next day is one hour of work
    (("05-14 16:00", "05-12 17:00", "05-13 09:30"), "05-14 17:00", "05-15 08:30"),
    # asked and answered in the evening: no work was lost
    (("05-13 16:00", "05-12 19:00", "05-12 21:00"), "05-13 16:00", "05-13 18:00"),
    # the same before a deadline at closing time, which must not slip to the next opening
    (("05-13 17:30", "05-12 19:00", "05-12 21:00"), "05-13 17:30", "05-13 19:30"),
    # Friday noon to Monday noon is one working day: Tuesday 10:00 → Wednesday 10:00
    (("05-19 10:00", "05-15 12:00", "05-18 12:00"), "05-20 10:00", "05-22 10:00"),
    # through 国庆: only the last hour before and the first hour after count
    (("10-08 16:00", "09-30 16:30", "10-08 10:00"), "10-09 09:30", "10-16 09:30"),
    # the deadline would fall into 国庆 and moves behind it
    (("09-30 17:00", "09-30 10:00", "09-30 11:00"), "10-08 09:30", "09-30 18:00"),
    # paused after the deadline had passed: nothing is given back
    (("05-12 16:00", "05-12 17:00", "05-14 17:00"), "05-12 16:00", "05-12 16:00"),
    # paused at the very deadline: the same
    (("05-12 16:00", "05-12 16:00", "05-12 17:00"), "05-12 16:00", "05-12 16:00"),
    # the machine's clock was set back in between
    (("05-13 16:00", "05-12 17:00", "05-12 16:00"), "05-13 16:00", "05-13 16:00"),
]


@pytest.mark.parametrize(("moments", "working", "natural"), PAUSES)
def test_a_pause_moves_the_deadline(
    moments: tuple[str, str, str], working: str, natural: str
) -> None:
    deadline, paused, resumed = (at(f"2026-{each}") for each in moments)
    moved = [shift_deadline(deadline, basis, paused, resumed, HOURS) for basis in Basis]
    assert list(Basis) == [Basis.WORKING, Basis.NATURAL]
    assert moved == [at(f"2026-{working}"), at(f"2026-{natural}")]


def test_a_pause_ends_by_itself() -> None:
    friday = at("2026-05-15 16:50")
    assert pause_limit(friday, span("3 working days"), HOURS) == at("2026-05-20 16:50")
    assert pause_limit(friday, span("3 natural days"), HOURS) == at("2026-05-18 16:50")


POINTS = [
    # accept within a working hour, Friday 16:50 → Monday 09:20
    ("2026-05-15 16:50", "1 working hour", ["05-15 17:20", "05-18 09:08", "05-18 09:20"]),
    # a working day of seven hours, Tuesday 10:00 → Wednesday 10:00
    ("2026-05-12 10:00", "1 working day", ["05-12 15:00", "05-12 17:06", "05-13 10:00"]),
    # filed on Saturday: the clock starts on Monday 09:00
    ("2026-05-16 15:00", "1 working day", ["05-18 14:00", "05-18 16:06", "05-19 09:00"]),
    # ten natural hours run through the night
    ("2026-05-15 20:00", "10 natural hours", ["05-16 01:00", "05-16 04:00", "05-16 06:00"]),
]


@pytest.mark.parametrize(("filed", "length", "points"), POINTS)
def test_reminders_come_at_half_four_fifths_and_the_whole(
    filed: str, length: str, points: list[str]
) -> None:
    start, whole = at(filed), span(length)
    found = fraction_points(start, due(start, whole, HOURS), whole.basis, HOURS)
    assert found == tuple(at(f"2026-{each}") for each in points)


def test_a_deadline_without_working_time_has_all_its_points_at_once() -> None:
    saturday, sunday = at("2026-05-16 10:00"), at("2026-05-17 10:00")
    assert fraction_points(saturday, sunday, Basis.WORKING, HOURS) == (sunday,) * 3


@pytest.mark.parametrize("fraction", [0.0, -0.5, 1.1])
def test_an_odd_fraction_is_refused(fraction: float) -> None:
    start, deadline = at("2026-05-12 10:00"), at("2026-05-12 11:00")
    with pytest.raises(ValueError, match=rf"fractions: {fraction} is not"):
        fraction_points(start, deadline, Basis.WORKING, HOURS, (0.5, fraction))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_span_of_nothing_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match=rf"amount: {amount} is not more than 0"):
        Span(amount, Unit.HOUR)


def test_a_span_of_more_than_a_year_is_refused() -> None:
    assert Span(366, Unit.DAY).amount == 366
    with pytest.raises(ValueError, match=r"amount: 8785 hours is more than a year"):
        Span(8785, Unit.HOUR)


def test_a_service_level_needs_an_id_and_a_version() -> None:
    with pytest.raises(ValueError, match=r"id: is empty"):
        ServiceLevel(" ")
    with pytest.raises(ValueError, match=r"version: 0 is not"):
        ServiceLevel("default", version=0)
