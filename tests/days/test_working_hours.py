"""Working hours: what is refused, what is open, and corrections by the park."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.days.working_calendar import Calendar
from bot.core.days.working_hours import AFTERNOON, MORNING, WorkingHours
from tests.days.times import at

HOURS = WorkingHours()
HOUR = timedelta(hours=1)

REFUSED = [
    ((), "spans: at least one is needed"),
    (((time(12), time(9)),), "spans: 12:00 is not before 09:00"),  # reversed
    (((time(9), time(9)),), "spans: 09:00 is not before 09:00"),  # empty
    (((time(9), time(12)), (time(11), time(17))), "spans: 11:00 lies before the end 12:00"),
    (((time(13), time(17)), (time(9), time(14))), "spans: 13:00 lies before the end 14:00"),
    (((time(9), time(17)), (time(10), time(11))), "spans: 10:00 lies before the end 17:00"),
]


@pytest.mark.parametrize(("spans", "words"), REFUSED)
def test_impossible_spans_are_refused(spans: tuple[tuple[time, time], ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        WorkingHours(spans)


def test_spans_may_touch_and_come_in_any_order() -> None:
    hours = WorkingHours(((time(12), time(15)), (time(9), time(12))))
    assert hours.add(at("2026-05-12 11:00"), 2 * HOUR) == at("2026-05-12 13:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-05-12 08:59", False),
        ("2026-05-12 09:00", True),
        ("2026-05-12 12:00", True),  # the minute of closing belongs to it
        ("2026-05-12 12:01", False),
        ("2026-05-12 13:30", True),
        ("2026-05-12 17:31", False),
        ("2026-05-16 10:00", False),  # Saturday
        ("2026-05-09 10:00", True),  # worked Saturday
        ("2026-05-05 10:00", False),  # Tuesday of 劳动节
    ],
)
def test_open_or_not(moment: str, expected: bool) -> None:
    assert HOURS.is_open(at(moment)) is expected


def test_elapsed_counts_working_time_only() -> None:
    assert HOURS.count_working_time(at("2026-09-30 16:30"), at("2026-10-08 10:00")) == 2 * HOUR
    assert HOURS.count_working_time(at("2026-05-12 11:30"), at("2026-05-12 13:00")) == HOUR / 2
    assert HOURS.count_working_time(at("2026-05-12 11:30"), at("2026-05-12 10:00")) == timedelta()


def test_a_park_can_work_on_a_holiday_and_be_off_on_a_tuesday() -> None:
    calendar = Calendar(off=frozenset({date(2026, 5, 12)}), work=frozenset({date(2026, 5, 5)}))
    hours = WorkingHours((MORNING, AFTERNOON), calendar)
    assert hours.add(at("2026-05-04 20:00"), HOUR) == at("2026-05-05 10:00")
    assert hours.add(at("2026-05-11 17:00"), HOUR) == at("2026-05-13 09:30")


def test_moments_come_in_any_zone_but_never_naive() -> None:
    assert HOURS.add(datetime(2026, 5, 12, 2, tzinfo=UTC), HOUR) == at("2026-05-12 11:00")
    naive = at("2026-05-12 10:00").replace(tzinfo=None)
    for call in (HOURS.is_open, HOURS.entry, lambda moment: HOURS.add(moment, HOUR)):
        with pytest.raises(ValueError, match="no time zone"):
            call(naive)
