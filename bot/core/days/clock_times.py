"""Reads a time of day in people's words: 15:30, 下午两点半, 明天上午's 上午, 下班前."""

import re
import tomllib
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.days.numerals import NUMERAL, is_numeral, read_number
from bot.core.reading import fold

END_OF_DAY = time(23, 59)
NEAR = 4
"""Characters before an hour in which it may be lessened: 差五分."""
_NOON, _HOURS, _EARLY = 12, 24, 8


@dataclass(frozen=True)
class ClockTime:
    """What the words say of the time, up to `end`.

    `until` is by when a thing said for then is due, None for the close of office; `at` the moment
    itself, None where only a part of the day is named. `unclear` words must be asked about.
    """

    end: int
    at: time | None = None
    until: time | None = None
    unclear: bool = False


def read_clock_time(text: str, start: int = 0) -> ClockTime | None:
    """The time of day that the folded text names at `start`; None where it names none."""
    event = _pattern("event").match(text, start)
    if event:
        until = _words()["events"][event["event"]]
        return ClockTime(event.end(), until=_read_written(until))
    found = _pattern("time").match(text, start)
    if found is None or not (found["part"] or found["hour"] or found["digital"]):
        return None
    last = _pattern("last").match(text, found.end())
    try:
        at = _read_at(found.groupdict(), None)
        closing = _read_at(last.groupdict(), found["part"]) if last else at
    except ValueError:
        return ClockTime(found.end(), unclear=True)
    side = _pattern("side").match(text, last.end() if last else found.end())
    end = side.end() if side else (last.end() if last else found.end())
    event = _pattern("event").match(text, found.end())
    if at is None and event:
        return ClockTime(event.end(), until=_find_until(found["part"], before=False))
    if at is None:
        before = bool(side and side["before"])
        return ClockTime(end, until=_find_until(found["part"], before=before))
    if side and side["after"]:
        return ClockTime(end, until=END_OF_DAY, unclear=False)
    # A moment is one; from three to five is none.
    return ClockTime(end, at=None if last else at, until=closing)


def take_clock_time(text: str) -> tuple[time | None, str]:
    """The first moment in the words, and the words without it; None and the words where none is."""
    folded = fold(text)
    for start in range(len(folded)):
        found = read_clock_time(folded, start)
        if found and found.at and (start == 0 or not is_numeral(folded[start - 1])):
            if _words()["unread"]["less"] in folded[max(0, start - NEAR) : start]:
                return None, text  # 差一刻八点
            left = f"{folded[:start].strip()} {folded[found.end :].strip()}"
            return found.at, left.strip()
    return None, text


def names_time(text: str) -> bool:
    """Whether words speak of a time of day that was not taken: 三点, or 下午 by itself."""
    folded, unread = fold(text), _words()["unread"]
    if any(word in folded for word in unread["about"]):
        return True
    if any(re.fullmatch(unread["token"], token) for token in folded.split()):
        return True  # 1530, 15.30
    for start in range(len(folded)):
        found = read_clock_time(folded, start)
        if found is None:
            continue
        word = folded[start : found.end]
        if found.at or found.unclear or word in folded.split():
            return True
    return False


def _find_until(part: str, *, before: bool) -> time | None:
    words = _words()
    return _read_written(words["starts"].get(part) if before else None) or _read_written(
        words["ends"][part]
    )


def _read_at(parts: dict[str, str | None], part: str | None) -> time | None:
    """The moment. Raises ValueError for one that no clock shows, or that may be either of two."""
    part = parts["part"] or part
    if parts["digital"]:
        return _place(int(parts["digital"]), int(parts["past"] or 0), part, digital=True)
    if parts["hour"] is None:
        return None
    hour = read_number(parts["hour"])
    minutes = _words()["minutes"].get(parts["minutes"] or "")
    if minutes is None:
        minutes = read_number(parts["minute"]) if parts["minute"] else 0
    if hour is None or minutes is None:
        raise ValueError(parts["hour"])
    return _place(hour, minutes, part, digital=False)


def _place(hour: int, minute: int, part: str | None, *, digital: bool) -> time:
    if part is not None:
        first, last = _words()["hours"][part]
        hour = next(each for each in (hour, hour + _NOON, -1) if first <= each <= last or each < 0)
    elif hour < _EARLY and not digital:
        raise ValueError(hour)  # 三点: nobody meets at night, but nobody knows
    return END_OF_DAY if (hour, minute) == (_HOURS, 0) else time(hour, minute)


def _read_written(written: str | None) -> time | None:
    return time.fromisoformat(written) if written else None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    forms = _words()["patterns"]
    part, hour, before = forms["part"], forms["hour"], forms["before"]
    written = {
        "time": f"{part}? {hour}?",
        "last": f" {forms['to']} {part}? {hour}",
        "event": f" {forms['event']} {before}",
        "side": f" (?:(?P<before>{before})|(?P<after>{forms['after']})|{forms['around']})",
    }[name]
    written = re.sub(r"(?<!\?P)<(hour|minute)>", lambda name: f"(?P<{name[1]}>{NUMERAL})", written)
    return re.compile(written.replace(" ", " ?"))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
