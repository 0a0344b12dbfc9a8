"""Compares words with the regular expressions of a data file, character by character as written."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.core.reading import fold


def fold_in_place(text: str) -> str:
    """The text folded and in lower case, every character in the place it was written in.

    What `fold` would leave out, or write with several characters, stays, so that a match can be
    cut out of the original.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


@lru_cache(maxsize=16384)
def _fold_character(one: str) -> str:
    if one.isspace():
        return " "
    plain = fold(one).lower()
    return plain if len(plain) == 1 else unicodedata.normalize("NFKC", one)[:1] or one


def join_alternatives(lines: Iterable[str]) -> str:
    """One regular expression that matches whatever one of these matches."""
    return "(?:" + "|".join(f"(?:{line})" for line in lines) + ")"


def compile_lines(block: str) -> re.Pattern[str] | None:
    """The regular expressions of a block, one a line, as one; None for an empty block."""
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    return re.compile(join_alternatives(lines)) if lines else None
