"""Quiet hours across midnight and within a day."""

from datetime import UTC, datetime, time

import pytest

from bot.core.days.quiet_hours import QuietHours, next_decent, quiet
from tests.days.times import at

NIGHT = QuietHours()  # 22:00–08:00
NOON = QuietHours(time(12), time(13, 30))


@pytest.mark.parametrize(
    ("hours", "now", "decent"),
    [
        (NIGHT, "2026-05-12 21:59", "2026-05-12 21:59"),  # the last decent minute
        (NIGHT, "2026-05-12 22:00", "2026-05-13 08:00"),  # quiet begins
        (NIGHT, "2026-05-12 23:59", "2026-05-13 08:00"),
        (NIGHT, "2026-05-13 00:00", "2026-05-13 08:00"),  # midnight belongs to the same night
        (NIGHT, "2026-05-13 07:59", "2026-05-13 08:00"),
        (NIGHT, "2026-05-13 08:00", "2026-05-13 08:00"),  # quiet has ended
        (NIGHT, "2026-12-31 23:00", "2027-01-01 08:00"),  # a holiday morning is decent too
        (NOON, "2026-05-12 11:59", "2026-05-12 11:59"),
        (NOON, "2026-05-12 12:00", "2026-05-12 13:30"),
        (NOON, "2026-05-12 13:30", "2026-05-12 13:30"),
        (NOON, "2026-05-12 23:00", "2026-05-12 23:00"),
    ],
)
def test_quiet_until_the_next_decent_moment(hours: QuietHours, now: str, decent: str) -> None:
    assert next_decent(at(now), hours) == at(decent)
    assert quiet(at(now), hours) is (now != decent)


def test_another_zone_is_read_in_the_zone_of_the_hours() -> None:
    late = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    assert quiet(late, NIGHT)
    assert next_decent(late, NIGHT).isoformat() == "2026-05-13T08:00:00+08:00"


def test_hours_of_no_length_and_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match=r"start, end: both are 08:00"):
        QuietHours(time(8), time(8))
    with pytest.raises(ValueError, match="no time zone"):
        quiet(at("2026-05-12 22:00").replace(tzinfo=None), NIGHT)
