"""When people write: mostly in working hours, seldom on days off, least at night."""

from collections import Counter
from datetime import date
from random import Random

from bot.core.days.working_calendar import OFFICIAL, horizon
from bot.core.days.working_hours import WorkingHours
from bot.rehearsal.rhythm import Plan, filings, span, usual_start

HOURS = WorkingHours()
PLAN = Plan(date(2026, 1, 1), days=365, issues=2400)


def test_as_many_as_planned_within_the_time_in_order() -> None:
    found = filings(PLAN, HOURS, Random(1))
    begins, ends = span(PLAN, HOURS)
    assert len(found) == 2400
    assert found == sorted(found)
    assert begins <= found[0]
    assert found[-1] < ends
    assert (ends - begins).days == 365


def test_working_days_and_hours_have_the_most() -> None:
    found = filings(PLAN, HOURS, Random(1))
    kinds = Counter(
        "off"
        if not OFFICIAL.is_working_day(at.date())
        else "open"
        if HOURS.is_open(at)
        else "night"
        if at.hour < 7
        else "other"
        for at in found
    )
    assert kinds["open"] > 0.6 * len(found)
    assert 0.03 * len(found) < kinds["off"] < 0.15 * len(found)
    assert 0 < kinds["night"] < 0.03 * len(found)


def test_a_year_begins_where_the_holidays_are_known() -> None:
    assert usual_start() == date(horizon().year, 1, 1)
