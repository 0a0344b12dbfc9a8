"""The Chinese working calendar: which days are worked, and which of that is only estimated.

Source: the State Council's yearly notices as packaged by `chinesecalendar`; beyond them the
statutory days of 《全国年节及纪念日放假办法》 as revised for 2025 (国务院令第795号), which are
known long before the notice that shifts weekends around them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays as _noticed
from lunardate import LunarDate

ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_FIRST_YEAR = min(_noticed).year
_LAST_YEAR = max(_noticed).year
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
_DRAGON_BOAT = (5, 5)
_MID_AUTUMN = (8, 15)


@dataclass(frozen=True)
class Calendar:
    """Working days in mainland China, with a park's own corrections, which win over everything.

    `off` are days not worked, `work` days worked, whatever the notice or the weekday says.
    Raises ValueError, naming the day, when a day is in both.
    """

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if both := self.off & self.work:
            raise ValueError(f"off, work: {min(both)} is in both")

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked: corrections, else the notice, else the estimate."""
        if day in self.work:
            return True
        return day not in self.off and _is_worked(day)

    def is_estimate(self, day: date) -> bool:
        """Whether no notice (and no correction) covers the day, so that it may still change.

        The estimate knows weekends and statutory days, but neither make-up working days nor the
        bridges they pay for.
        """
        return not (_FIRST_YEAR <= day.year <= _LAST_YEAR or day in self.off or day in self.work)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`, never `day` itself."""
        following = day + ONE_DAY
        while not self.is_working_day(following):
            following += ONE_DAY
        return following

    def last_working_day(self, day: date) -> date:
        """`day` itself where it is worked, else the last working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def before(self, day: date, days: int) -> date:
        """The working day that lies so many working days before `day`, itself for 0."""
        day = self.last_working_day(day)
        for _ in range(days):
            day = self.last_working_day(day - ONE_DAY)
        return day

    def after(self, day: date, days: int) -> date:
        """The working day that lies so many working days after `day`, itself for 0."""
        for _ in range(days):
            day = self.next_working_day(day)
        return day

    def count_working_days(self, since: date, until: date) -> int:
        """Working days after `since` up to and with `until`; 0 when that is not later."""
        span = (since + ONE_DAY * n for n in range(1, (until - since).days + 1))
        return sum(map(self.is_working_day, span))


OFFICIAL = Calendar()
"""The calendar without a park's own corrections."""


def horizon() -> date:
    """The last day that an official notice covers; every later day is an estimate."""
    return date(_LAST_YEAR, 12, 31)


@lru_cache(maxsize=64)
def statutory_days(year: int) -> frozenset[date]:
    """The 13 days off that the law of 2025 gives in any year; 12 when 中秋 falls into 国庆.

    From 2100 on the lunar festivals are missing: `lunardate` has no tables for them.
    """
    fixed = {date(year, month, day) for month, day in _FIXED}
    return frozenset(fixed | {tomb_sweeping(year)} | set(_lunar(year)))


@lru_cache(maxsize=4096)
def _is_worked(day: date) -> bool:
    if _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY and day not in statutory_days(day.year)


def tomb_sweeping(year: int) -> date:
    """清明 of a year."""
    # The customary formula for 清明 holds for the 21st century; outside it the day may be one off,
    # which hurts nobody: no deadline reaches so far.
    past = year % 100
    return date(year, 4, int(past * 0.2422 + 4.81) - past // 4)


def _lunar(year: int) -> Iterator[date]:
    try:
        new_year = LunarDate(year, 1, 1).to_solar_date()
        festivals = [LunarDate(year, *each).to_solar_date() for each in (_DRAGON_BOAT, _MID_AUTUMN)]
    except ValueError:
        return
    yield from (new_year + timedelta(days=n) for n in range(-1, 3))
    yield from festivals
