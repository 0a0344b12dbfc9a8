"""Reads what people typed the way they meant it: folded text, one digit, an issue number."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

from opencc import OpenCC

from bot.core.letters import is_unknown_letter

_GAP = re.compile(r"[\s,，:：、]+")
_ROUND_IT = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

PRINTED = 3
"""As many digits has a printed number at least; one of fewer is more likely a quantity."""


@dataclass(frozen=True, slots=True)
class IssueNumber:
    """The parts of an issue number that a person typed; what was left out is None.

    `prefix` is the park's letters in upper case, `day` the local day (Asia/Shanghai) printed in
    the number, `serial` counts from 1. Which issue is meant is for the caller to find out.
    `month_day` are the four digits of a day whose year was left out (`1130-001`). `short` says that
    it was written like the place of a line (`3`, not `003`).
    """

    prefix: str | None
    day: date | None
    serial: int
    month_day: str = ""
    short: bool = field(default=False, compare=False)


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """The text as it is compared, never as it is kept or shown.

    NFKC, then traditional to simplified characters (OpenCC t2s); runs of white space become one
    space, none at the ends; control, invisible and unassigned characters and lone surrogates go,
    but not the rare letters of names. Case is kept.
    """
    plain = unicodedata.normalize("NFKC", _visible(text))
    return " ".join(_simplifier().convert(plain).split())


def choice(text: str) -> int | None:
    """The one digit (0 to 9) that answers a menu, or None where the text says anything else.

    Exact only: `1`, `１`, `①`, `1.`, `1、` and `选1` are the answer 1; a sentence that contains a
    digit is a sentence.
    """
    found = _choice_pattern().fullmatch(fold(text))
    return int(found["digit"]) if found else None


def number(text: str) -> IssueNumber | None:
    """The issue number that the whole text is, in any form a person may type, or None.

    `YZ-20241014-003`, `20241014-003`, `1014-003`, `003`, `3`, `#3` and `3号`, full width, with
    spaces, in lower case or with other dashes. A day that is not in the calendar or the serial 0 is
    no number.
    """
    folded = fold(text)
    found = _number_pattern().fullmatch(folded)
    if not found:
        return _month_number(folded)
    if not int(found["serial"]):
        return None
    prefix, digits = found["prefix"], found["day"]
    day = _day(digits) if digits else None
    if digits and day is None:
        return None
    short = _place_pattern().fullmatch(folded) is not None
    return IssueNumber(prefix.upper() if prefix else None, day, int(found["serial"]), short=short)


def split_dated_number(text: str, today: date) -> tuple[IssueNumber, str] | None:
    """The number that stands behind a day (`今天的001`, `昨天 3`), and what follows both, folded;
    None where the text begins otherwise. `today` is the park's."""
    folded = fold(text)
    found = _day_pattern().match(folded)
    if not found or _quantity_pattern().match(folded[found.start("serial") :]):
        return None
    day = today - timedelta(days=_ROUND_IT["days"][found["day"]])
    serial = int(found["serial"])
    return (IssueNumber(None, day, serial), folded[found.end() :].strip()) if serial else None


def split_numbers(text: str) -> tuple[tuple[IssueNumber, ...], str]:
    """All the numbers that stand before the words (`1 2 3 …`, `001、002`, `1和2`, `1-3`), and the
    words."""
    found: list[IssueNumber] = []
    rest = _and_pattern().sub(r"\1 ", text.strip())
    while rest:
        first, after = split_word(rest)
        meant = _read_span(first) or [number(first)]
        if meant == [None]:
            break
        found += [known for known in meant if known]
        rest = after
    return tuple(found), rest


def strip_every(text: str) -> str | None:
    """What is left of `全部受理` or `受理全部` without the word that says all; None without it."""
    folded = fold(text).replace(" ", "")
    for word in _ROUND_IT["batch"]["every"]:
        for left in (folded.removeprefix(word), folded.removesuffix(word)):
            if left and left != folded:
                return left
    return None


def _read_span(word: str) -> list[IssueNumber | None]:
    """`1-3`, `1到3`: the places of lines; nothing where it is no such span."""
    ends = _span_pattern().fullmatch(fold(word))
    first, last = (int(end) for end in ends.groups()) if ends else (1, 0)
    return [number(str(place)) for place in range(first, last + 1)]


def _month_number(folded: str) -> IssueNumber | None:
    """`1130-001`: a day without its year."""
    found = _month_pattern().fullmatch(folded)
    leap = f"2024{found['day']}" if found else ""
    if not found or not int(found["serial"]) or _day(leap) is None:
        return None
    prefix = found["prefix"]
    return IssueNumber(
        prefix.upper() if prefix else None, None, int(found["serial"]), month_day=found["day"]
    )


def split_word(text: str) -> tuple[str, str]:
    """The first word and what follows it, each as it was written; "" where there is nothing."""
    parts = _GAP.split(text.strip(), maxsplit=1)
    return parts[0], parts[1].strip() if len(parts) > 1 else ""


def split_number(text: str, *, free: bool) -> tuple[IssueNumber, str] | None:
    """The number that stands before the words, and the words, as they were written; None where
    there is none. `4 号 …` is the number 4.

    Before words that are `free` a quantity is no number: `3 号车间`, `3 台`, `10:30`, `3 到 5 天`,
    `1、… 2、…`. A number that is printed so (`003`, `#3`, `第3件`, with its day) always is one.
    """
    first, rest = split_word(text)
    meant = number(first) if first else None
    if meant is None or (free and not meant.month_day and _quantity_pattern().match(fold(text))):
        return None
    after, others = split_word(rest)
    if after and number(after) is None and number(f"{first}{after}") is not None:
        rest = others
    return meant, rest


def split_exact_number(text: str) -> tuple[IssueNumber, str] | None:
    """The number of an issue that free words begin with and that cannot be anything else, and the
    words, as they were written: with its day, or as it is printed (`006 …`, `006…`, `117 …`); None
    for `3 …`, for a quantity (`300 台 …`) and for a number without words."""
    plain = text.strip()
    if joined := _zeros_pattern().match(plain):
        plain = f"{joined[0]} {plain[joined.end() :]}"
    found = split_number(plain, free=True)
    if found is None or not found[1]:
        return None
    meant = found[0]
    digits = "".join(char for char in fold(split_word(plain)[0]) if char.isdigit())
    printed = digits == f"{meant.serial:0{PRINTED}d}"
    return found if printed or meant.day or meant.month_day else None


def is_quantity(text: str) -> bool:
    """Whether the text begins with a quantity, a place or a time rather than a number: `3 台`."""
    return _quantity_pattern().match(fold(text)) is not None


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    # White space first: a line break is a control character too, and it separates words.
    return "".join(
        " " if char.isspace() else char for char in text if char.isspace() or not _is_hidden(char)
    )


def _is_hidden(one: str) -> bool:
    if unicodedata.category(one)[0] == "C":
        return not is_unknown_letter(one)
    return one in "\ufe0e\ufe0f\u20e3"


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@cache
def _choice_pattern() -> re.Pattern[str]:
    before, after = _any(_ROUND_IT["choice"]["before"]), _any(_ROUND_IT["choice"]["after"])
    return re.compile(rf"{before}? ?\(?(?P<digit>[0-9]) ?{after}?", re.IGNORECASE)


@cache
def _number_pattern() -> re.Pattern[str]:
    words = _ROUND_IT["number"]
    dash = rf" ?{_any(words['dashes'])}? ?"
    return re.compile(
        rf"(?:{_any(words['before'])} ?){{0,4}}"
        rf"(?:(?:(?P<prefix>[a-z]{{1,8}}?){dash})?(?P<day>[0-9]{{8}}){dash})?"
        rf"(?P<serial>[0-9]{{1,5}}) ?{_any(words['after'])}?",
        re.IGNORECASE,
    )


@cache
def _month_pattern() -> re.Pattern[str]:
    words = _ROUND_IT["number"]
    dash = rf" ?{_any(words['dashes'])} ?"
    return re.compile(
        rf"(?:{_any(words['before'])} ?){{0,4}}(?:(?P<prefix>[a-z]{{1,8}}?){dash})?"
        rf"(?P<day>[0-9]{{4}}){dash}(?P<serial>[0-9]{{3}}) ?{_any(words['after'])}?",
        re.IGNORECASE,
    )


@cache
def _place_pattern() -> re.Pattern[str]:
    place = _ROUND_IT["place"]
    return re.compile(rf"{_any(place['before'])}? ?[1-9][0-9]? ?{_any(place['after'])}?")


@cache
def _zeros_pattern() -> re.Pattern[str]:
    """`006` right before the words: a quantity is not written so."""
    return re.compile(rf"0[0-9]{{2}}(?:{_any(_ROUND_IT['place']['after'])})?(?=[\u4e00-\u9fff])")


@cache
def _and_pattern() -> re.Pattern[str]:
    return re.compile(rf"([0-9]) ?{_any(_ROUND_IT['batch']['and'])} ?(?=[0-9])")


@cache
def _span_pattern() -> re.Pattern[str]:
    return re.compile(rf"([1-9][0-9]?){_any(_ROUND_IT['quantity']['until'])}([1-9][0-9]?)")


@cache
def _day_pattern() -> re.Pattern[str]:
    of = _ROUND_IT["batch"]["of"]
    return re.compile(
        rf"(?P<day>{_any(_ROUND_IT['days'])}) ?(?:{of} ?#?(?=[0-9])|#?(?=[0-9]{{3}}))"
        rf"(?P<serial>[0-9]{{1,3}})(?![0-9:.])(?: ?{_any(_ROUND_IT['number']['after'])})?"
    )


@cache
def _quantity_pattern() -> re.Pattern[str]:
    """Plain digits and, behind them, what makes them a quantity, a place or a time."""
    words = _ROUND_IT["quantity"]
    place = rf" ?{_any(words['place'])}(?!{_any(words['no_place'])})[\u4e00-\u9fff]"
    measure = rf" ?(?!{_any(words['no_measures'])}){_any(words['measures'])}"
    unit = rf" ?{_any(words['units'])}(?![a-z])"
    span = rf" ?{_any(words['until'])} ?[0-9]"
    counted = rf"(?P<mark>{_any(words['list_marks'])}).*[^0-9][0-9]{{1,2}}(?P=mark)"
    kinds = "|".join((place, measure, unit, span, "[:,.][0-9]", counted))
    return re.compile(rf"[1-9][0-9]{{0,4}}(?:{kinds})", re.IGNORECASE)


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


def _day(digits: str) -> date | None:
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a printed day, no time
    except ValueError:
        return None
