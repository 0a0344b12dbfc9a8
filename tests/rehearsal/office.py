"""The usual office hours by other arithmetic than the bot's: one long ruler of working seconds."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
SPANS = ((time(9), time(12)), (time(13, 30), time(17, 30)))
NIGHT = (time(22), time(8))
DAY = timedelta(days=1)
LEVELS = {"default": (1, 1, 2), "consult": (4, 2, 5)}
"""Working hours to accept, working days to answer and to solve, of a matter and of a question."""
DANGER = {
    "accept": timedelta(minutes=15),
    "answer": timedelta(hours=1),
    "solve": timedelta(hours=24),
}
"""A danger to people knows no office hours."""


def is_open(day: date) -> bool:
    """By the official notice; of a year without one, no more than weekends and New Year are known:
    enough for its first weeks."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) != (1, 1)


class Office:
    """Open from some days before `first` until `days` later, on the official working days."""

    def __init__(self, first: date, days: int) -> None:
        self._days = [day for day in (first + DAY * n for n in range(-40, days)) if is_open(day)]
        self._opens = [self._at(day, span[0]) for day in self._days for span in SPANS]
        self._closes = [self._at(day, span[1]) for day in self._days for span in SPANS]

    @cached_property
    def _ruler(self) -> list[float]:
        """Working seconds before each opening."""
        pairs = zip(self._opens, self._closes, strict=True)
        lengths = [(closes - opens).total_seconds() for opens, closes in pairs]
        return [0.0, *accumulate(lengths)]

    def mark(self, moment: datetime) -> float:
        """Where a moment lies on the ruler."""
        at = bisect_right(self._opens, moment) - 1
        within = min(moment, self._closes[at]) - self._opens[at]
        return self._ruler[at] + within.total_seconds()

    def moment(self, mark: float) -> datetime:
        """The earliest moment that lies there."""
        at = bisect_left(self._ruler, mark) - 1
        return self._opens[at] + timedelta(seconds=mark - self._ruler[at])

    def plus_hours(self, moment: datetime, hours: int) -> datetime:
        """So many working hours later."""
        return self.moment(self.mark(moment) + hours * 3600)

    def plus_days(self, moment: datetime, days: int) -> datetime:
        """The same time of day so many working days later, counted from when the office is open."""
        at = bisect_right(self._opens, moment) - 1
        start = moment if moment <= self._closes[at] else self._opens[at + 1]
        local = start.astimezone(ZONE)
        day = self._days[self._days.index(local.date()) + days]
        return self._at(day, local.time())

    def compute_deadlines(self, filed_at: datetime, level: str = "default") -> dict[str, datetime]:
        """By when what was filed then is accepted, answered, solved."""
        accept, answer, solve = LEVELS[level]
        return {
            "accept": self.plus_hours(filed_at, accept),
            "answer": self.plus_days(filed_at, answer),
            "solve": self.plus_days(filed_at, solve),
        }

    @staticmethod
    def decent(moment: datetime) -> datetime:
        """The moment itself, or the morning after a night."""
        local = moment.astimezone(ZONE)
        starts, ends = NIGHT
        if ends <= local.time() < starts:
            return moment
        day = local.date() + (DAY if local.time() >= starts else timedelta(0))
        return datetime.combine(day, ends, ZONE)

    @staticmethod
    def _at(day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZONE)


class AroundTheClock(Office):
    """The same for what endangers people: every hour counts, and no night is quiet."""

    def __init__(self) -> None:
        """Nothing of the calendar is needed."""

    def mark(self, moment: datetime) -> float:
        """Seconds of the clock."""
        return moment.timestamp()

    def moment(self, mark: float) -> datetime:
        """The moment with these seconds."""
        return datetime.fromtimestamp(mark, ZONE)

    def plus_days(self, moment: datetime, days: int) -> datetime:
        """So many times 24 hours later."""
        return moment + DAY * days

    def compute_deadlines(self, filed_at: datetime, level: str = "default") -> dict[str, datetime]:
        """By when somebody accepts, answers and solves it."""
        return {part: filed_at + takes for part, takes in DANGER.items()}

    @staticmethod
    def decent(moment: datetime) -> datetime:
        """Any moment."""
        return moment
