"""Settings under which some session gets no proposal are found beforehand."""

from datetime import date

import pytest

from bot.core.days.working_hours import WorkingHours
from bot.core.sessions.proposal import find_missed_day
from bot.core.sessions.session import SessionRules

TODAY = date(2024, 10, 14)
DAILY = "0 9 * * *"


@pytest.mark.parametrize(
    "weekday, proposal, series, missed",
    [
        (0, "0 15 * * fri", DAILY, None),
        (4, "0 15 * * fri", DAILY, None),  # on its eve
        (0, "0 15 * * fri", None, None),  # the run plans it too
        (4, "0 15 * * fri", None, date(2024, 10, 25)),  # Friday's run comes before Friday night
        (4, "0 15 * * fri", "0 9 * * mon", date(2024, 10, 25)),
        (4, "0 15 * * fri", "0 9 * * thu", None),
        (0, "0 15 1 * *", None, date(2024, 10, 21)),
        (0, None, DAILY, date(2024, 10, 21)),  # switched off
    ],
)
def test_the_first_day_without_a_proposal_is_named(
    weekday: int, proposal: str | None, series: str | None, missed: date | None
) -> None:
    rules = SessionRules(weekday=weekday, proposal=proposal)
    assert find_missed_day(rules, series, TODAY, WorkingHours()) == missed
