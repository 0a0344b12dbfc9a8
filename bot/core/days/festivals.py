"""Festivals as people date things by them: before 国庆, the first working day after 中秋.

Their days off are those of the working calendar, so that a notice or a park's own correction
moves what is due with them.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lunardate import LunarDate

from bot.core.days.working_calendar import ONE_DAY, Calendar, statutory_days, tomb_sweeping

NEAR = timedelta(days=14)
"""Two festivals that begin closer together than this are not told apart by the word 节前."""


def festival_names() -> tuple[str, ...]:
    """Every name, the longest first."""
    words = _words()
    names = [*words["solar"], *words["lunar"], *words["computed"]]
    return tuple(sorted(names, key=len, reverse=True))


def find_festival(name: str, since: date) -> date:
    """The next such festival on or after a day. Raises ValueError beyond the lunar tables."""
    return next(day for day in _days_of(name, since.year) if day >= since)


def find_day_after(name: str, today: date, calendar: Calendar) -> date:
    """The first working day after the festival that is over next; during its days off, of this
    one."""
    ends = (day_after(day, calendar) for day in _days_of(name, today.year))
    return next(day for day in ends if day > today)


def day_before(festival: date, calendar: Calendar) -> date:
    """The last working day before a festival's days off; before the festival where it has none."""
    return calendar.last_working_day(festival - ONE_DAY)


def day_after(festival: date, calendar: Calendar) -> date:
    """The first working day after a festival and its days off."""
    return calendar.next_working_day(festival)


def next_festivals(since: date, calendar: Calendar) -> list[date]:
    """The first day off of the next festival that is still to come, and of one that follows it so
    closely that either may be meant."""
    days = sorted(
        day for year in (since.year, since.year + 1) for day in statutory_days(year) if day > since
    )
    first = days[0]
    over = calendar.next_working_day(first)
    return [first, *[day for day in days if over <= day < first + NEAR][:1]]


def read_lunar(month: str, day: int, since: date) -> date:
    """The next day of this name in the lunar calendar: 腊月 25. Raises ValueError for none."""
    number = _words()["months"][month]
    for year in (since.year - 1, since.year, since.year + 1):
        found: date = LunarDate(year, number, day).to_solar_date()
        if found >= since:
            return found
    raise ValueError(day)


def _days_of(name: str, year: int) -> Iterator[date]:
    words = _words()
    for each in (year - 1, year, year + 1, year + 2):
        if name in words["solar"]:
            yield date(each, *words["solar"][name])
        elif name in words["lunar"]:
            yield LunarDate(each, *words["lunar"][name]).to_solar_date()
        elif words["computed"][name] == "tomb_sweeping":
            yield tomb_sweeping(each)
        else:
            yield LunarDate(each + 1, 1, 1).to_solar_date() - ONE_DAY


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
