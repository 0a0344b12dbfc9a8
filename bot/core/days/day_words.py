"""The words and patterns by which people name a day, from dates.toml."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.days.festivals import festival_names
from bot.core.days.numerals import NUMERAL


class NoSuchDay(ValueError):  # noqa: N818 - a plain word
    """The words name a day that is not in the calendar, such as 2月30日."""


class UnclearDay(ValueError):  # noqa: N818 - a question to the person, not an error
    """The words speak of a time, but nobody can tell which day is meant: 尽快, 周三或者周五."""


def form_names() -> tuple[str, ...]:
    """Every form; where two match, the longer counts, of equals the first."""
    return tuple(words()["forms"])


def match_form(name: str, text: str, start: int) -> re.Match[str] | None:
    """The form as it stands at `start` of the folded text."""
    return _form(name).match(text, start)


def match_around(name: str, text: str, start: int = 0) -> re.Match[str] | None:
    """What may stand round a day, at `start` of the folded text."""
    return _around(name).match(text, start)


def search_around(name: str, text: str) -> re.Match[str] | None:
    """What may stand round a day, anywhere in the folded text."""
    return _around(name).search(text)


@cache
def words() -> dict[str, Any]:
    """The data file."""
    return tomllib.loads(Path(__file__).with_name("dates.toml").read_text(encoding="utf-8"))


@cache
def _form(name: str) -> re.Pattern[str]:
    return _compile(words()["forms"][name])


@cache
def _around(name: str) -> re.Pattern[str]:
    return _compile(words()["around"][name])


def _compile(written: str) -> re.Pattern[str]:
    """A pattern as the data file writes it: {piece}, <number>, a gap that may be there."""
    pieces = {**words()["pieces"], "names": "|".join(festival_names())}
    for name, piece in pieces.items():
        written = written.replace(f"{{{name}}}", piece)
    written = written.replace("<number>", NUMERAL)
    written = re.sub(r"(?<!\?P)<(\w+)>", lambda name: f"(?P<{name[1]}>{NUMERAL})", written)
    return re.compile(re.sub(r" \??", " ?", written))
