"""Days of the week in a crontab mean what crontab(5) says."""

import pytest

from bot.core.days.crontab import with_named_days


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("45 8 * * *", "45 8 * * *"),
        ("30 19 * * 1", "30 19 * * mon"),
        ("0 9 * * 0", "0 9 * * sun"),
        ("0 9 * * 7", "0 9 * * sun"),
        ("0 9 * * 1-5", "0 9 * * mon,tue,wed,thu,fri"),
        ("0 9 * * 1,3,6", "0 9 * * mon,wed,sat"),
        ("0 9 * * 5-7", "0 9 * * fri,sat,sun"),
        ("0 9 * * MON-FRI", "0 9 * * mon-fri"),
        ("0  9  1,15 */2 *", "0 9 1,15 */2 *"),
    ],
)
def test_days_are_named(line: str, named: str) -> None:
    assert with_named_days(line) == named


@pytest.mark.parametrize("line", ["", "45 8 * *", "0 9 * * 8", "0 9 * * 5-1", "0 9 * * * *"])
def test_what_is_no_crontab_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        with_named_days(line)
