"""Reads a day in people's words, relative to today: 10月30日, 10-30, 明天, 下周五, 3天后."""

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.reading import fold


class NoSuchDay(ValueError):  # noqa: N818 - a plain word
    """The words name a day that is not in the calendar, such as 2月30日."""


def read_day(words: str, today: date) -> tuple[date, str] | None:
    """The day that the words begin with, and the words after it; None where they name no day.

    A month and day without a year is the next such day, today included. A weekday is the coming
    one, today included; 下周五 is the Friday of next week, 上周五 that of the last; 月底 is the
    last day of the month. Raises NoSuchDay.
    """
    text = fold(words)
    for name in ("full", "month_day", "weekday", "days", "weeks", "month_end"):
        found = _pattern(name).match(text)
        if found:
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
        return today + timedelta(days=int(parts["days"]))
    if name == "weekday":
        return _weekday(parts, today)
    if name == "weeks":
        given = parts["weeks"]
        return today + timedelta(weeks=_words()["weeks"].get(given) or int(given))
    if name == "month_end":
        return _month_end(parts["which"] or "", today)
    return _dated(int(parts.get("year") or 0), int(parts["month"]), int(parts["day"]), today)


def _weekday(parts: dict[str, str], today: date) -> date:
    wanted = _words()["weekdays"][parts["weekday"]]
    monday = today - timedelta(days=today.weekday())
    weeks = len(parts["next"]) - len(parts["last"])
    day = monday + timedelta(days=wanted, weeks=weeks)
    return day if weeks or day >= today else day + timedelta(weeks=1)


def _month_end(which: str, today: date) -> date:
    months = 2 if which.startswith(_words()["next_month"]) else 1
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def _dated(year: int, month: int, day: int, today: date) -> date:
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
