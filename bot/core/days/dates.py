"""Reads a day in people's words, relative to today: 10月30日, 10-30, 明天, 下周五, 3天后."""

import re
import tomllib
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.days.working_calendar import Calendar
from bot.core.reading import fold


class NoSuchDay(ValueError):  # noqa: N818 - a plain word
    """The words name a day that is not in the calendar, such as 2月30日."""


FORMS = (
    "full",
    "month_day",
    "weekday",
    "workdays",
    "days",
    "weeks",
    "months",
    "month_end",
    "year_end",
)


def read_day(words: str, today: date, calendar: Calendar | None = None) -> tuple[date, str] | None:
    """The day that the words begin with, and the words after it; None where they name no day.

    A month and day without a year is the next such day, today included. A weekday is the coming
    one, today included; 下周五 is the Friday of next week, 上周五 that of the last; 月底 is the
    last day of the month, 年底 that of the year. 5个工作日内 needs a calendar. Raises NoSuchDay.
    """
    text = fold(words)
    for name in FORMS:
        found = _pattern(name).match(text)
        if found and name == "workdays" and calendar is not None:
            day = _add_working_days(_amount(found["workdays"]), today, calendar)
            return day, text[found.end() :].strip(" ,，:：")
        if found and name != "workdays":
            return _day(name, found, today), text[found.end() :].strip(" ,，:：")
    for word, days in _words()["near"].items():
        if text.startswith(word):
            rest = _pattern("tail").sub("", text[len(word) :], count=1)
            return today + timedelta(days=days), rest.strip(" ,，:：")
    return None


def read_span(words: str) -> timedelta | None:
    """A length of time, such as `30分钟` or `2小时`; None where the words are anything else."""
    spans = _words()["spans"]
    found = re.fullmatch(spans["pattern"], fold(words))
    return timedelta(minutes=int(found["amount"]) * spans[found["unit"]]) if found else None


def _day(name: str, found: re.Match[str], today: date) -> date:
    parts = found.groupdict()
    if name == "days":
        return today + timedelta(days=_amount(parts["days"]))
    if name == "weekday":
        return _weekday(parts, today)
    if name == "weeks":
        return today + timedelta(weeks=_amount(parts["weeks"]))
    if name == "months":
        return _months_on(_amount(parts["months"]), today)
    if name == "month_end":
        return _month_end(parts, today)
    if name == "year_end":
        return date(today.year + bool(parts["ahead"]), 12, 31)
    return _build_date(int(parts.get("year") or 0), int(parts["month"]), int(parts["day"]), today)


def _weekday(parts: dict[str, str], today: date) -> date:
    wanted = _words()["weekdays"][parts["weekday"]]
    monday = today - timedelta(days=today.weekday())
    weeks = len(parts["next"]) - len(parts["last"])
    day = monday + timedelta(days=wanted, weeks=weeks)
    return day if weeks or day >= today else day + timedelta(weeks=1)


def _month_end(parts: dict[str, str], today: date) -> date:
    months = 2 if (parts["which"] or "").startswith(_words()["next_month"]) else 1
    if parts["month"]:
        named = _build_date(0, int(parts["month"]), 1, today.replace(day=1))
        months = (named.year - today.year) * 12 + named.month - today.month + 1
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def _months_on(months: int, today: date) -> date:
    """The same day of a later month, its last day where it is shorter."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _amount(given: str) -> int:
    return _words()["numerals"].get(given) or int(given)


def _add_working_days(amount: int, today: date, calendar: Calendar) -> date:
    day = today
    for _ in range(amount):
        day = calendar.next_working_day(day)
    return day


def _build_date(year: int, month: int, day: int, today: date) -> date:
    try:
        if year:
            return date(year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError as error:
        raise NoSuchDay(f"{month}-{day}") from error


@cache
def _pattern(name: str) -> re.Pattern[str]:
    patterns = _words()["patterns"]
    if name == "tail":
        return re.compile(patterns["tail"])
    return re.compile(patterns[name] + patterns["tail"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
