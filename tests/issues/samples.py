"""Issues and parks as tests of the core want them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.issues.issue import Issue, Status
from bot.core.park.park import Park
from tests.days.times import at

MONDAY_TEN = at("2024-10-14 10:00")
PARK = Park(name="测试园", prefix="YZ")
OWNER, COLLEAGUE, REPORTER = 1, 2, 3


def issue(**fields: Any) -> Issue:
    """An issue filed on a Monday at ten, held by OWNER."""
    filed = MONDAY_TEN
    fresh = Issue(
        id=7,
        number="YZ-20241014-001",
        status=Status.FILED,
        thread_id=70,
        filed_at=filed,
        accept_due=filed + timedelta(hours=1),
        answer_due=filed + timedelta(days=1),
        solve_due=filed + timedelta(days=2),
        title="车间停电",
        owner_id=OWNER,
        reporter_id=REPORTER,
    )
    return replace(fresh, **fields)
