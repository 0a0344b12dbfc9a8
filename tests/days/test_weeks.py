"""Weeks of the park's calendar: their bounds, their names, and names that mean none."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days.weeks import NoSuchWeek, Week, read_week, week_before, week_of

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 11, 16), "2026-W47"),
        (date(2026, 11, 22), "2026-W47"),
        (date(2025, 12, 29), "2026-W01"),  # a Monday: its Thursday lies in 2026
        (date(2027, 1, 3), "2026-W53"),  # a Sunday of the old ISO year
        (date(2027, 1, 4), "2027-W01"),
    ],
)
def test_a_day_lies_in_its_iso_week(day: date, week: str) -> None:
    assert str(week_of(day)) == week


def test_a_week_goes_from_monday_to_monday_in_the_parks_zone() -> None:
    week = read_week("2026-W47")
    assert week.since(ZONE) == datetime(2026, 11, 15, 16, tzinfo=UTC)
    assert week.until(ZONE) == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert (week.monday, week.sunday) == (date(2026, 11, 16), date(2026, 11, 22))


def test_the_digest_of_a_monday_is_about_the_week_before() -> None:
    assert str(week_before(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), ZONE)) == "2026-W47"
    assert str(week_before(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), ZONE)) == "2026-W46"


def test_eight_weeks_cross_the_year() -> None:
    names = [str(week) for week in Week(2027, 2).line(4)]
    assert names == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]


@pytest.mark.parametrize("written", ["2026-W47", "2026-w47", "2026W47", " 2026-W47 "])
def test_a_week_is_read(written: str) -> None:
    assert read_week(written) == Week(2026, 47)


@pytest.mark.parametrize(
    ("written", "weeks"),
    [
        ("2025-W53", 52),  # 2025 has 52 weeks
        ("2026-W54", 53),
        ("2026-W00", 53),
        ("0000-W01", None),
        ("2026-47", None),
        ("上周", None),
        ("", None),
        ("２０２６-W47", None),
    ],
)
def test_what_is_no_week_is_refused(written: str, weeks: int | None) -> None:
    with pytest.raises(NoSuchWeek) as error:
        read_week(written)
    assert error.value.weeks == weeks


@given(st.dates(date(1, 1, 8), date(9999, 12, 26)))
def test_every_day_lies_in_one_week_whose_name_leads_back(day: date) -> None:
    week = week_of(day)
    assert week.monday <= day <= week.sunday
    assert read_week(str(week)) == week
    assert week.before().sunday == week.monday - timedelta(days=1)
