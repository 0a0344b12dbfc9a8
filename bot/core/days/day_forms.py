"""The forms in which people name a day, each with the day that it means."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.days import festivals
from bot.core.days.day_words import NoSuchDay, UnclearDay, words
from bot.core.days.numerals import read_number, read_year
from bot.core.days.working_calendar import ONE_DAY, Calendar

DEFINITE = frozenset(["full", "dashed", "compact", "span", "year_end", "next"])
"""Forms that leave no doubt which year is meant."""
_FRIDAY, _SUNDAY, _HOURS, _MONTHS = 4, 6, 24, 12
_PRESENT = timedelta(days=100)
"""How far ahead the end of a month may lie that is called by its number alone: 三月内 said in
November may be three months."""


@dataclass(frozen=True)
class Said:
    """What a form is read by: its parts, the day on which it was said, and the calendar."""

    parts: dict[str, str | None]
    today: date
    calendar: Calendar

    def number(self, part: str) -> int:
        """The number that a part is. Raises UnclearDay."""
        found = read_number(self.parts.get(part) or "")
        if found is None:
            raise UnclearDay(part)
        return found

    def has(self, part: str) -> bool:
        """Whether the words had this part."""
        return bool(self.parts.get(part))


def read_form(name: str, said: Said) -> date:
    """The day that a matched form means. Raises NoSuchDay, UnclearDay."""
    try:
        return _READERS[name](said)
    except (OverflowError, LookupError, StopIteration) as error:
        raise UnclearDay(name) from error


def _full(said: Said) -> date:
    return build_date(_year(said), said.number("month"), said.number("day"))


def _month_day(said: Said) -> date:
    if said.has("which"):
        first = _month(said)
        return build_date(first.year, first.month, said.number("day"))
    return _next_date(said.number("month"), said.number("day"), said.today)


def _month_range(said: Said) -> date:
    last = _month_day(said)
    if not 1 <= said.number("from") < last.day:
        raise UnclearDay("range")
    return last


def _loose(said: Said) -> date:
    day = _next_date(said.number("month"), said.number("day"), said.today)
    if said.has("mark") and (said.today.month != day.month or day.year != said.today.year):
        raise UnclearDay("loose")  # 3-5号: from the third to the fifth, or 5 March
    return day


def _day_range(said: Said) -> date:
    if said.number("from") >= said.number("day"):
        raise UnclearDay("range")
    return _day(said)


def _day(said: Said) -> date:
    """The next day of this number; a month without it is asked about, not skipped."""
    number, today = said.number("day"), said.today
    first = today.replace(day=1) if number >= today.day else _months_on(1, today.replace(day=1))
    return build_date(first.year, first.month, number)


def _weekday(said: Said) -> date:
    """The coming one; today's own weekday without 这 or 本 is that of next week."""
    wanted = words()["weekdays"][said.parts["weekday"]]
    day = _monday(said) + timedelta(days=wanted)
    return day if said.has("week") or day > said.today else day + timedelta(weeks=1)


def _week(said: Said) -> date:
    monday, part = _monday(said), said.parts["part"] or ""
    word = words()["week_parts"].get(part)
    if word is not None:
        return monday + timedelta(days=int(word))
    return _last_worked(monday, said)


def _span(said: Said) -> date:
    parts, today = said.parts, said.today
    if any(said.has(part) for part in ("nth", "vague", "more")):
        raise UnclearDay("vague")
    half = parts["n"] == words()["marks"]["half"]
    if half and (said.has("half_months") or said.has("months")):
        return today + timedelta(days=15)
    if half and parts["unit"] == words()["marks"]["year"]:
        return _months_on(6, today)
    if said.has("half_months") or parts["tail"] in words()["marks"]["before"]:
        raise UnclearDay("span")
    amount = said.number("n")
    if not amount or (said.has("from") and said.number("from") >= amount):
        raise UnclearDay("span")
    if said.has("and_half"):
        return _months_on(amount, today) + timedelta(days=15)
    unit = words()["units"][(parts["months"] or parts["unit"] or "").replace(" ", "")]
    return _add(amount, unit, said)


def _add(amount: int, unit: str, said: Said) -> date:
    if unit == "workdays":
        return said.calendar.after(said.today, amount)
    if unit == "hours" and amount % _HOURS:
        raise UnclearDay(unit)
    if unit in ("hours", "days", "weeks"):
        days = {"hours": amount // _HOURS, "days": amount, "weeks": 7 * amount}[unit]
        return said.today + timedelta(days=days)
    return _months_on(amount * {"months": 1, "quarters": 3, "years": _MONTHS}[unit], said.today)


def _month_span(said: Said) -> date:
    first, part = _month(said), said.parts["part"] or ""
    within = part in words()["marks"]["within"] and not said.has("which")
    if within and first > said.today + _PRESENT:
        raise UnclearDay(part)
    last = words()["parts"].get(part, 0)
    return first.replace(day=last) if last else _end_of_month(first)


def _month_end(said: Said) -> date:
    first = said.today.replace(day=1)
    last = words()["parts"].get(said.parts["part"] or "", 0)
    return first.replace(day=last) if last else _end_of_month(first)


def _quarter(said: Said) -> date:
    if said.has("which"):
        return _quarter_end(said)
    number = read_number(said.parts["quarter"] or said.parts["q"] or "") or 0
    return _end_of(3 * number, said)


def _quarter_end(said: Said) -> date:
    """Of this quarter, or of one counted from it."""
    which = said.parts["which"]
    number = (said.today.month - 1) // 3 + (words()["months"][which] if which else 0)
    return _end_of_month(_months_on(3 * number + 2, date(said.today.year, 1, 1)))


def _half_year(said: Said) -> date:
    return _end_of(6 if said.parts["half"] == words()["marks"]["first"] else _MONTHS, said)


def _year_end(said: Said) -> date:
    if said.parts["part"] in words()["marks"]["no_end"]:
        raise UnclearDay("year")
    return date(_year(said), _MONTHS, 31)


def _near(said: Said) -> date:
    return said.today + timedelta(days=words()["near"][said.parts["near"]])


def _lunar(said: Said) -> date:
    try:
        return festivals.read_lunar(said.parts["lunar"] or "", said.number("day"), said.today)
    except ValueError as error:
        raise NoSuchDay("lunar") from error


def _festival(said: Said) -> date:
    if said.has("during"):
        raise UnclearDay("festival")
    name = said.parts["festival"] or ""
    since = date(_year(said), 1, 1) if said.has("year") else said.today
    if said.has("before"):
        return festivals.day_before(festivals.find_festival(name, since), said.calendar)
    return festivals.find_day_after(name, since, said.calendar)


def _next(said: Said) -> date:
    found = festivals.next_festivals(said.today, said.calendar)
    if len(found) > 1 or said.has("two"):
        raise UnclearDay("festivals")
    if said.has("before"):
        return festivals.day_before(found[0], said.calendar)
    return festivals.day_after(found[0], said.calendar)


def _unclear(said: Said) -> date:
    raise UnclearDay(str(said.parts))


def build_date(year: int, month: int, day: int) -> date:
    """The date. Raises NoSuchDay."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay(f"{month}-{day}") from error


def _next_date(month: int, day: int, today: date) -> date:
    """The next such day, today included: 29 February in the next year that has one."""
    if not (1 <= month <= _MONTHS and 1 <= day <= monthrange(2000, month)[1]):
        raise NoSuchDay(f"{month}-{day}")
    for year in range(today.year, today.year + 9):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise NoSuchDay(f"{month}-{day}")


def _year(said: Said) -> int:
    written = said.parts.get("year") or said.parts.get("written") or ""
    written = written.rstrip(words()["marks"]["year"])
    if written in words()["years"]:
        return said.today.year + int(words()["years"][written])
    return read_year(written) or said.today.year


def _month(said: Said) -> date:
    """The first day of the month that is meant: the next of its name, unless a year is said."""
    first = said.today.replace(day=1)
    if said.has("which"):
        return _months_on(words()["months"][said.parts["which"]], first)
    month = said.number("month")
    year = _year(said) + (not said.has("year") and month < said.today.month)
    return build_date(year, month, 1)


def _end_of(month: int, said: Said) -> date:
    """The end of a month of the year that is meant: the next one, unless a year is said."""
    end = _end_of_month(date(_year(said), month, 1))
    return end if said.has("year") or end >= said.today else end.replace(year=end.year + 1)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _months_on(months: int, day: date) -> date:
    """The same day of a later month, its last day where it is shorter."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _monday(said: Said) -> date:
    week = said.parts.get("week") or ""
    weeks = week.count(words()["marks"]["later"]) - week.count(words()["marks"]["earlier"])
    return said.today - timedelta(days=said.today.weekday()) + timedelta(weeks=weeks)


def _last_worked(monday: date, said: Said) -> date:
    """The last working day of a week from today on; its Sunday where none is left."""
    for back in range(_SUNDAY, -1, -1):
        day = monday + ONE_DAY * back
        if day >= said.today and said.calendar.is_working_day(day):
            return day
    return monday + ONE_DAY * _SUNDAY


_READERS: dict[str, Callable[[Said], date]] = {
    "full": _full,
    "dashed": _full,
    "compact": _full,
    "month_day": _month_day,
    "month_range": _month_range,
    "loose": _loose,
    "day_range": _day_range,
    "day": _day,
    "weekday": _weekday,
    "weekdays": _unclear,
    "week": _week,
    "week_end": _week,
    "span": _span,
    "month_span": _month_span,
    "month_end": _month_end,
    "ten_days": _month_end,
    "quarter": _quarter,
    "quarter_end": _quarter_end,
    "half_year": _half_year,
    "year_end": _year_end,
    "near": _near,
    "lunar": _lunar,
    "festival": _festival,
    "next": _next,
    "recurring": _unclear,
}
