"""Reads a rating that somebody writes instead of a digit: 5分 很满意, 给个5星, 不太满意."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.reading import fold
from bot.core.talk.patterns import compile_lines

_LONGEST = 100
"""Characters."""


@dataclass(frozen=True)
class Rating:
    """`stars` are 1 to 5; `counted` says that they were given as a number. `rest` are the words
    beside the rating, as written."""

    stars: int
    counted: bool
    rest: str = ""


def read_rating(words: str) -> Rating | None:
    """The rating that the words are; None where they are about something else, or give two that
    differ. Only beside a number of stars may other words stand."""
    text = fold(words)
    if not text or len(text) > _LONGEST:
        return None
    clauses = [piece for piece in re.split(_words()["stops"], words.strip()) if piece]
    rated = [(clause, _read_clause(clause)) for clause in clauses]
    counted = {stars for _, (stars, is_number) in rated if is_number}
    spoken = {stars for _, (stars, is_number) in rated if stars and not is_number}
    others = [clause for clause, (stars, _is_number) in rated if not stars]
    if len(counted) == 1:
        stars = counted.pop()
        if any(abs(stars - level) > 1 for level in spoken):
            return None
        return Rating(stars, counted=True, rest=str(_words()["joint"]).join(others))
    plain = all(stars for _, (stars, _is_number) in rated)
    if counted or not plain or len(spoken) != 1:
        return None
    return Rating(spoken.pop(), counted=False)


def _read_clause(clause: str) -> tuple[int, bool]:
    """The stars of a clause, 0 where it gives none, and whether as a number."""
    text = fold(clause).replace(" ", "")
    found = _whole(_words()["counted"]).fullmatch(text)
    if found:
        return _read_number(found["stars"]), True
    levels = (stars for stars, pattern in _levels() if pattern.fullmatch(text))
    return next(levels, 0), False


def _read_number(digit: str | None) -> int:
    if digit is None:
        return 5
    return int(digit) if digit.isascii() else str(_words()["digits"]).index(digit)


@cache
def _levels() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((int(stars), _whole(block)) for stars, block in _words()["levels"].items())


def _whole(block: str) -> re.Pattern[str]:
    parts = [compile_lines(lines) for lines in (_words()["lead"], block, _words()["tail"])]
    lead, core, tail = (part.pattern for part in parts if part)
    return re.compile(f"(?:{lead})*{core}(?:{tail})*")


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
