"""Crontab lines mean what crontab(5) says."""

from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.core.days.crontab import walk_due_times

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2024, 10, 14, 8, 45, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("line", "due"),
    [
        # from Monday the 14th of October 2024, 08:45, which itself is over
        ("45 8 * * *", ["10-15 08:45", "10-16 08:45", "10-17 08:45"]),
        ("30 19 * * 1", ["10-14 19:30", "10-21 19:30", "10-28 19:30"]),
        ("0 9 * * 0", ["10-20 09:00", "10-27 09:00", "11-03 09:00"]),
        ("0 9 * * 7", ["10-20 09:00", "10-27 09:00", "11-03 09:00"]),
        ("0 9 * * 1-5", ["10-14 09:00", "10-15 09:00", "10-16 09:00"]),
        ("0 9 * * 5-7", ["10-18 09:00", "10-19 09:00", "10-20 09:00"]),
        ("0 9 * * 1,3,6", ["10-14 09:00", "10-16 09:00", "10-19 09:00"]),
        ("0 9 * * MON-wed", ["10-14 09:00", "10-15 09:00", "10-16 09:00"]),
        ("0  9  1,15 */2 *", ["11-01 09:00", "11-15 09:00", "01-01 09:00"]),
        # a day of the month or one of the week, whichever comes
        ("0 8 16 * 1", ["10-16 08:00", "10-21 08:00", "10-28 08:00"]),
        ("0 9 * * sat-sun", ["10-19 09:00", "10-20 09:00", "10-26 09:00"]),
        ("*/20 * * * *", ["10-14 09:00", "10-14 09:20", "10-14 09:40"]),
    ],
)
def test_due_times(line: str, due: list[str]) -> None:
    found = list(islice(walk_due_times(line, MONDAY), 3))
    assert [f"{at:%m-%d %H:%M}" for at in found] == due
    assert {at.tzinfo for at in found} == {ZONE}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "45 8 * *",
        "45 25 * * *",
        "0 9 * * 8",
        "0 9 * * 5-1",
        "0 9 * * * *",
        "0 0 9 * * *",
        "@daily",
    ],
)
def test_what_is_no_crontab_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        walk_due_times(line, MONDAY)
