"""Knows what a platform writes by itself in place of something that it cannot hand on."""

import re
import tomllib
from functools import cache
from pathlib import Path

from bot.core.reading import fold
from bot.core.talk.patterns import compile_lines

_LONGEST = 120
"""Characters."""


def is_placeholder(words: str) -> bool:
    """Whether the whole message is such a phrase: nobody has written it."""
    plain = fold(words).lower()
    return len(plain) <= _LONGEST and _pattern().fullmatch(plain) is not None


@cache
def _pattern() -> re.Pattern[str]:
    lines = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    found = compile_lines(lines["placeholders"])
    assert found is not None, "the file is not empty"
    return found
