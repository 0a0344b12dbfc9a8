"""When enterprises write during a rehearsal: mostly in working hours, least at night."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.core.days.working_calendar import Calendar, horizon
from bot.core.days.working_hours import WorkingHours

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# fmt: off
BY_HOUR = (
    2, 1, 1, 1, 1, 2,           # midnight to six
    4, 12, 45, 100, 95, 60,     # to noon
    25, 50, 90, 90, 75, 45,     # to six
    25, 22, 20, 14, 8, 4,       # to midnight
)
# fmt: on
"""How often people write in each hour of a working day, beside each other."""
DAY_OFF = 0.15
"""A day off beside a working day; after some days off, the first working day has more."""
FIRST_DAY = 1.3


@dataclass(frozen=True)
class Plan:
    """How much life a rehearsal has: from the beginning of day `start` on the park's clock, `days`
    long, `issues` filed by the contacts of `enterprises`; for each, people say so much besides
    (`chatter`). The same `seed`, the same life."""

    start: date
    days: int = 365
    issues: int = 2400
    enterprises: int = 900
    seed: int = 1
    chatter: float = 0.8


def usual_start() -> date:
    """The first day of the latest year whose holidays an official notice covers."""
    return date(horizon().year, 1, 1)


def span(plan: Plan, hours: WorkingHours) -> tuple[datetime, datetime]:
    """Beginning and end of a rehearsal, in the park's zone."""
    begins = datetime.combine(plan.start, time(), hours.zone)
    return begins, datetime.combine(plan.start + DAY * plan.days, time(), hours.zone)


def filings(plan: Plan, hours: WorkingHours, chance: Random) -> list[datetime]:
    """The moments at which something is filed, in order; in the park's zone."""
    begins, _ = span(plan, hours)
    weights = list(_weights(plan, hours.calendar))
    drawn = chance.choices(range(len(weights)), weights, k=plan.issues)
    return sorted(begins + HOUR * (at + chance.random()) for at in drawn)


def _weights(plan: Plan, calendar: Calendar) -> Iterator[float]:
    """The weight of every hour of the plan."""
    for day in (plan.start + DAY * n for n in range(plan.days)):
        weight = _of_day(day, calendar)
        yield from (weight * factor for factor in BY_HOUR)


def _of_day(day: date, calendar: Calendar) -> float:
    if not calendar.is_working_day(day):
        return DAY_OFF
    return 1.0 if calendar.is_working_day(day - DAY) else FIRST_DAY
