"""Hears danger to people in a message: fire, gas, a shock, an injury, a collapse, violence."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.classifier.features import plain
from bot.core.talk.patterns import compile_lines

_PARTS = re.compile(r"[,，。.;；!！?？\n]+")
_NEVER = re.compile("(?!)")
_ON_PAPER = frozenset({"injury", "shock", "crash"})
"""What leaves papers behind: months later somebody asks who pays."""
_IN_ORDER = ("119", "120", "110")
_REACH = 16
"""Characters before and after a word that may take its meaning from it."""


@dataclass(frozen=True, slots=True)
class Danger:
    """Danger to people now. `numbers` are to be called before anything else: fire brigade (119),
    ambulance (120), police (110)."""

    numbers: tuple[str, ...]


def find_danger(words: str) -> Danger | None:
    """The danger that a message tells of; None where there is none, or where it is past, feared,
    denied or practised. Narrower than the urgent words: 停电 is urgent and no danger."""
    text = plain(words)
    if not _any_kind().search(text) or _is_over(text):
        return None
    found = set(_find_kinds(text))
    if _guard("paper").search(text):
        found -= _ON_PAPER
    called = {number for kind in found for number in _numbers()[kind]}
    return Danger(tuple(number for number in _IN_ORDER if number in called)) if found else None


def _find_kinds(text: str) -> Iterator[str]:
    was = False
    for part in _PARTS.split(text):
        past = bool(_guard("past").search(part)) and not _guard("now").search(part)
        alone = past and bool(_guard("day").fullmatch(_guard("past").sub("", part).strip()))
        if not (past or was):
            yield from (kind for kind, words in _kinds().items() if _is_told(words, part))
        was = alone


def _is_told(words: re.Pattern[str], part: str) -> bool:
    """Whether a part says one of these without taking it back."""
    return any(
        not _ends_before().search(part[max(0, hit.start() - _REACH) : hit.start()])
        and not _guard("after").match(part[hit.end() : hit.end() + _REACH])
        for hit in words.finditer(part)
    )


def _is_over(text: str) -> bool:
    return bool(_guard("over").search(text)) and not _guard("goes_on").search(text)


@cache
def _any_kind() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{words.pattern})" for words in _kinds().values()), re.MULTILINE)


@cache
def _kinds() -> Mapping[str, re.Pattern[str]]:
    return {kind["name"]: compile_lines(kind["words"]) or _NEVER for kind in _tables()["kind"]}


@cache
def _numbers() -> Mapping[str, tuple[str, ...]]:
    return {kind["name"]: tuple(kind["numbers"]) for kind in _tables()["kind"]}


@cache
def _guard(name: str) -> re.Pattern[str]:
    return compile_lines(_tables()["guards"][name]) or _NEVER


@cache
def _ends_before() -> re.Pattern[str]:
    return re.compile(f"(?:{_guard('before').pattern})$")


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("danger.toml").read_text(encoding="utf-8"))
