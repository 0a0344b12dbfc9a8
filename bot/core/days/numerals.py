"""Reads whole numbers in digits and in Chinese words: 15, 十五, 廿五, 一百二十, 两三 (three)."""

import re
import tomllib
from pathlib import Path

_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_DIGITS: dict[str, int] = _FILE["digits"]
_UNITS: dict[str, int] = _FILE["units"]
_TENS: dict[str, int] = _FILE["tens"]
_WORDS = "".join([*_DIGITS, *_UNITS, *_TENS])
NUMERAL = rf"(?:\d{{1,4}}|[{_WORDS}]{{1,8}})"
"""The pattern of a number; digits and words do not mix."""
_PART = re.compile(rf"[\d{_WORDS}]")
_HUNDRED = 100


def is_numeral(char: str) -> bool:
    """Whether a character can be part of a number."""
    return _PART.fullmatch(char) is not None


def read_number(text: str) -> int | None:
    """The number that the whole text is, None where it is none.

    Of two neighbours the later: 两三 is 3, 十七八 is 18, 二三十 is 30. 一百二 is 120, as spoken.
    """
    if text.isdecimal():
        return int(text)
    total, digit, unit, zero = 0, None, 0, False
    for char in text:
        if char in _FILE["skip"]:
            digit, zero = None if digit is None else -1, True
        elif char in _DIGITS:
            if digit is not None and _DIGITS[char] <= digit:
                return None
            digit = _DIGITS[char]
        elif char in _TENS and digit is None:
            total, unit = total + _TENS[char], 10
        elif char in _UNITS and digit != -1 and not 0 < unit <= _UNITS[char]:
            unit = _UNITS[char]
            total, digit, zero = total + (1 if digit is None else digit) * unit, None, False
        else:
            return None
        if digit == -1:
            return None
    if not text:
        return None
    spoken = unit // 10 if unit >= _HUNDRED and not zero else 1
    return total + (digit or 0) * spoken


def read_year(text: str) -> int | None:
    """A year in four digits or four words: 2025, 二〇二五."""
    digits = [char if char.isdecimal() else str(_DIGITS.get(char, "")) for char in text]
    return int("".join(digits)) if all(digits) and len(digits) == 4 else None
