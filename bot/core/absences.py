"""Reads a sentence that says somebody is away: `10-14 至 10-16 交 小李`."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.days.dates import NoSuchDay, UnclearDay, begins_with_time, read_day
from bot.core.days.numerals import NUMERAL, read_number
from bot.core.reading import fold

LONGEST = timedelta(days=200)
"""A longer leave is a slip of the pen; so is one that begins later than this."""
_GAPS = " ,，。.:：、"


@dataclass(frozen=True)
class Wish:
    """What a sentence about an absence says. `who` and `to` are names as people wrote them, "" for
    oneself and for nobody; the days are of the park's calendar, both included."""

    first: date
    last: date
    who: str = ""
    to: str = ""
    cancel: bool = False


class Unreadable(ValueError):  # noqa: N818 - a plain word
    """The sentence names days that cannot be meant, or says more than can be read."""


def read_absence(words: str, today: date) -> Wish:
    """What the words after `请假` mean; without any day, today.

    Raises Unreadable where a day is past, not in the calendar, too far away, or before the first.
    """
    text, to = _split_stand_in(fold(words).strip(_GAPS))
    who, text = _split_leading_name(text, today)
    if text in _words()["cancel"]:
        return Wish(today, today, who, to, cancel=True)
    first, last = _days(text, today) if text else (today, today)
    if not today <= first <= last or max(first - today, last - first) > LONGEST:
        raise Unreadable(words)
    return Wish(first, last, who, to)


def _split_stand_in(text: str) -> tuple[str, str]:
    """What stands before the substitute's name, and the name."""
    found = _to_pattern().fullmatch(text)
    return (found["rest"].strip(_GAPS), found["to"]) if found else (text, "")


def _split_leading_name(text: str, today: date) -> tuple[str, str]:
    """`赵敏之 10-14` or `取消 赵敏之`: the name of whoever is away, and the days."""
    if not text or _begins_with_day(text, today):
        return "", text
    first, _, rest = text.partition(" ")
    return (rest.strip(), first) if first in _words()["cancel"] else (first, rest.strip())


def _begins_with_day(text: str, today: date) -> bool:
    # No name begins with a number: 3-5天 is asked about as days.
    return begins_with_time(text, today) or text[0].isdecimal()


def _days(text: str, today: date) -> tuple[date, date]:
    first, rest = _first(text, today)
    joined = _until_pattern().match(rest)
    if joined:
        return first, _last(rest[joined.end() :], first, today)
    counted = _pattern("days").fullmatch(_pattern("since").sub("", rest))
    if counted:
        return first, first + timedelta(days=_number(counted["days"]) - 1)
    if rest:
        raise Unreadable(text)
    return first, first


def _first(text: str, today: date) -> tuple[date, str]:
    """The first day and what follows; `3天` begins today."""
    if _pattern("days").match(text):
        return today, text
    found = _read(text, today)
    if found is not None:
        return found
    bare = _pattern("day_only").match(text)
    if not bare:
        raise Unreadable(text)
    return _in_month(today, _number(bare["day"])), text[bare.end() :].strip(_GAPS)


def _last(text: str, first: date, today: date) -> date:
    """The last day: in full, or only its number within the first day's month.

    A day that would lie before the first is counted from there: `周五至周一`.
    """
    bare = _pattern("day").fullmatch(text)
    if bare:
        return _in_month(first, _number(bare["day"]))
    for since in (today, first):
        found = _read(text, since)
        if found is None or found[1]:
            raise Unreadable(text)
        if found[0] >= first:
            return found[0]
    raise Unreadable(text)


def _in_month(since: date, day: int) -> date:
    """The day of this number in the month of `since`; one that is past is asked, not guessed."""
    try:
        found = since.replace(day=day)
    except ValueError:
        raise Unreadable(str(day)) from None
    if found < since:
        raise Unreadable(str(day))
    return found


def _read(text: str, today: date) -> tuple[date, str] | None:
    try:
        return read_day(text, today)
    except (NoSuchDay, UnclearDay):
        raise Unreadable(text) from None


def _number(words: str) -> int:
    found = read_number(words)
    if found is None:
        raise Unreadable(words)
    return found


@cache
def _to_pattern() -> re.Pattern[str]:
    words = _words()
    to, tail = "|".join(words["to"]), "|".join(words["tail"])
    # A name has no digit and no gap in it; `给` inside a name is none of ours.
    return re.compile(rf"(?P<rest>.*?) ?(?:{to}) ?(?P<to>[^\s\d]{{1,20}}?)(?: ?(?:{tail}))?")


@cache
def _until_pattern() -> re.Pattern[str]:
    return re.compile(rf" ?(?:{'|'.join(map(re.escape, _words()['until']))}) ?")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_words()["patterns"][name].replace("{number}", NUMERAL))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
