"""What holds for every deadline, whatever the filing, the service level and the opening hours."""

from datetime import date, datetime, time, timedelta

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.core.days.quiet_hours import QuietHours, next_decent, quiet
from bot.core.days.working_hours import SHANGHAI, WorkingHours
from bot.core.issues.explanation import StepKind, explain
from bot.core.park.service_levels import (
    Basis,
    ServiceLevel,
    Span,
    Unit,
    deadlines,
    due,
    fraction_points,
    shift_deadline,
)
from tests.days.test_working_calendar import is_workday_in_2026
from tests.days.times import at, span

# The first example of each fills the caches, which says nothing about the clock.
unhurried = settings(deadline=None)

DEFAULT = WorkingHours()
MINUTE = timedelta(minutes=1)


@st.composite
def draw_working_hours(draw: st.DrawFn) -> WorkingHours:
    count = draw(st.integers(1, 3))
    minutes = draw(
        st.lists(st.integers(0, 1439), min_size=2 * count, max_size=2 * count, unique=True)
    )
    clock = [time(*divmod(minute, 60)) for minute in sorted(minutes)]
    return WorkingHours(tuple(zip(clock[::2], clock[1::2], strict=True)))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001
HOURS = st.one_of(st.just(DEFAULT), draw_working_hours())
SPANS = st.builds(Span, st.integers(1, 40), st.sampled_from(Unit), st.sampled_from(Basis))
PAUSES = st.timedeltas(timedelta(), timedelta(days=20))


@unhurried
@given(MOMENTS, MOMENTS, SPANS, HOURS)
@example(at("2026-05-15 17:30"), at("2026-05-15 17:31"), span("1 working day"), DEFAULT)
@example(at("2026-05-15 12:00"), at("2026-05-15 12:01"), span("1 working day"), DEFAULT)
@example(at("2026-05-16 09:00"), at("2026-05-18 09:00"), span("1 working hour"), DEFAULT)
def test_filing_later_is_never_due_earlier(
    one: datetime, other: datetime, length: Span, hours: WorkingHours
) -> None:
    earlier, later = sorted([one, other])
    assert due(earlier, length, hours) <= due(later, length, hours)


@unhurried
@given(MOMENTS, SPANS, HOURS)
def test_a_longer_span_is_due_later(filed: datetime, length: Span, hours: WorkingHours) -> None:
    longer = Span(length.amount + 1, length.unit, length.basis)
    assert filed < due(filed, length, hours) < due(filed, longer, hours)


@unhurried
@given(MOMENTS, SPANS, HOURS)
def test_a_working_span_is_never_due_outside_working_time(
    filed: datetime, length: Span, hours: WorkingHours
) -> None:
    assume(length.basis is Basis.WORKING)
    assert hours.is_open(due(filed, length, hours))


@unhurried
@given(MOMENTS, st.integers(1, 3000), HOURS)
def test_working_minutes_are_all_there(filed: datetime, minutes: int, hours: WorkingHours) -> None:
    ends = due(filed, Span(minutes, Unit.MINUTE), hours)
    assert hours.count_working_time(filed, ends) == minutes * MINUTE


@unhurried
@given(MOMENTS, st.integers(1, 30), HOURS)
def test_a_working_day_is_a_day_of_working_time(
    filed: datetime, days: int, hours: WorkingHours
) -> None:
    whole_day = hours.count_working_time(at("2026-05-12 00:00"), at("2026-05-13 00:00"))
    assert (
        hours.count_working_time(filed, due(filed, Span(days, Unit.DAY), hours)) == days * whole_day
    )


@unhurried
@given(MOMENTS, SPANS, PAUSES, PAUSES, HOURS)
def test_a_pause_moves_an_open_deadline_by_its_own_length(
    filed: datetime, length: Span, before: timedelta, pause: timedelta, hours: WorkingHours
) -> None:
    deadline = due(filed, length, hours)
    paused = filed + before
    assume(paused < deadline)
    moved = shift_deadline(deadline, length.basis, paused, paused + pause, hours)
    if length.basis is Basis.NATURAL:
        assert moved - deadline == pause
    else:
        assert hours.count_working_time(deadline, moved) == hours.count_working_time(
            paused, paused + pause
        )
        assert hours.is_open(moved)
    assert moved >= deadline


@unhurried
@given(MOMENTS, SPANS, PAUSES, PAUSES, HOURS)
def test_a_pause_never_revives_a_deadline_that_had_passed(
    filed: datetime, length: Span, late: timedelta, pause: timedelta, hours: WorkingHours
) -> None:
    deadline = due(filed, length, hours)
    paused = deadline + late
    assert shift_deadline(deadline, length.basis, paused, paused + pause, hours) == deadline


@unhurried
@given(MOMENTS, SPANS, PAUSES, PAUSES, HOURS)
def test_two_pauses_in_a_row_are_one(
    filed: datetime, length: Span, one: timedelta, two: timedelta, hours: WorkingHours
) -> None:
    deadline, middle = due(filed, length, hours), filed + one
    once = shift_deadline(deadline, length.basis, filed, middle + two, hours)
    twice = shift_deadline(deadline, length.basis, filed, middle, hours)
    twice = shift_deadline(twice, length.basis, middle, middle + two, hours)
    assert twice == once


@unhurried
@given(MOMENTS, SPANS, HOURS)
def test_reminders_are_in_order_between_filing_and_the_deadline(
    filed: datetime, length: Span, hours: WorkingHours
) -> None:
    deadline = due(filed, length, hours)
    half, most, whole = fraction_points(filed, deadline, length.basis, hours)
    assert filed < half < most < whole == deadline


@unhurried
@given(MOMENTS, SPANS, HOURS)
def test_an_explanation_adds_up_to_the_deadline(
    filed: datetime, length: Span, hours: WorkingHours
) -> None:
    first, *middle, last = explain(filed, length, hours)
    assert (first.first, last.first) == (filed, due(filed, length, hours))
    if length.unit is Unit.DAY and length.basis is Basis.WORKING:
        counted = [step.days for step in middle if step.kind is StepKind.COUNTED_DAYS]
        assert sum(counted) == length.amount
    else:
        assert sum((step.amount for step in middle), timedelta()) == length.clock_time


QUIET_TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@unhurried
@given(MOMENTS, QUIET_TIMES, QUIET_TIMES)
def test_the_next_decent_moment_is_decent_and_the_first(
    now: datetime, start: time, end: time
) -> None:
    assume(start != end)
    hours = QuietHours(start, end)
    decent = next_decent(now, hours)
    assert not quiet(decent, hours)
    assert now <= decent < now + timedelta(days=1)
    if decent > now:
        assert quiet(now, hours)
        assert quiet(decent - timedelta(microseconds=1), hours)


def minute_is_worked(moment: datetime) -> bool:
    """Whether the minute that begins now is working time: the notice and the clock, no library."""
    clock = (moment.hour, moment.minute)
    in_span = (9, 0) <= clock < (12, 0) or (13, 30) <= clock < (17, 30)
    return in_span and is_workday_in_2026(moment.date())


def count_out_minutes(filed: datetime, minutes: int) -> datetime:
    while minutes:
        minutes -= minute_is_worked(filed)
        filed += MINUTE
    return filed


YEAR_2026 = st.integers(0, 350 * 24 * 60).map(lambda n: at("2026-01-01 00:00") + n * MINUTE)


@settings(deadline=None, max_examples=60)
@given(YEAR_2026, st.integers(1, 900))
def test_working_minutes_agree_with_counting_them_one_by_one(filed: datetime, minutes: int) -> None:
    assert due(filed, Span(minutes, Unit.MINUTE), DEFAULT) == count_out_minutes(filed, minutes)


def days_later(filed: datetime, days: int) -> datetime:
    day = filed.date()
    while days:
        day += timedelta(days=1)
        days -= is_workday_in_2026(day)
    return datetime.combine(day, filed.timetz())


def test_every_working_morning_of_2026_is_counted_as_the_notice_has_it() -> None:
    level, first = ServiceLevel("default"), date(2026, 1, 1)
    worked = [
        day for day in (first + timedelta(days=n) for n in range(360)) if is_workday_in_2026(day)
    ]
    for day in worked:
        filed = datetime.combine(day, time(9, 40), SHANGHAI)
        found = deadlines(filed, level, DEFAULT)
        assert found.accept == filed + timedelta(hours=1)
        assert (found.answer, found.solve) == (days_later(filed, 1), days_later(filed, 2))
    assert len(worked) > 240
