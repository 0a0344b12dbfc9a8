"""Where the demo's clock jumps to."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.web.phones.clock_page import next_session

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        # Monday before the session: the same evening
        ("2024-10-14 10:00", "2024-10-14 19:30"),
        # at the very minute, and after it: a week later
        ("2024-10-14 19:30", "2024-10-21 19:30"),
        ("2024-10-14 23:59", "2024-10-21 19:30"),
        # any other day
        ("2024-10-15 00:00", "2024-10-21 19:30"),
        ("2024-10-20 23:59", "2024-10-21 19:30"),
        # over the turn of the year
        ("2024-12-31 12:00", "2025-01-06 19:30"),
    ],
)
def test_the_next_monday_night(now: str, then: str) -> None:
    at, expected = (datetime.fromisoformat(moment).replace(tzinfo=ZONE) for moment in (now, then))
    assert next_session(at, ZONE) == expected
