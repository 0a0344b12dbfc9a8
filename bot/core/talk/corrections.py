"""Puts a word of a text right, where somebody said which: 不是三号楼是五号楼."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Corrected:
    """A text after a correction, and the word that now stands in it."""

    text: str
    word: str


def correct_text(text: str, words: str) -> Corrected | None:
    """The text put right as `words` say; None where nothing that they name stands in it once.

    Where only the right word is said (不对，是五号楼), what has its form (三号楼) gives way.
    """
    table = _read_table()
    for pattern in table.patterns:
        found = pattern.search(words)
        if found is None:
            continue
        told = {name: word.rstrip(table.tails) for name, word in found.groupdict().items() if word}
        wrong = told.get("wrong") or _find_alike(text, told["right"], table.numbers)
        if not wrong or not told["right"] or text.count(wrong) != 1:
            continue
        before, after = text.split(wrong)
        right = _cut_repeated(told["right"], after)
        return Corrected(f"{before}{right}{after}", right) if right != wrong else None
    return None


def _find_alike(text: str, right: str, numbers: str) -> str:
    """三号楼 for 五号楼: another number before the same word."""
    form = re.fullmatch(f"{numbers}(.+)", right)
    alike = re.findall(numbers + re.escape(form[1]), text) if form else []
    return alike[0] if len(alike) == 1 else ""


def _cut_repeated(right: str, after: str) -> str:
    """The right word without what follows it anyway: 五号楼的空调 before 的空调坏了."""
    for length in range(len(right) - 1, 0, -1):
        if after.startswith(right[-length:]):
            return right[:-length]
    return right


@dataclass(frozen=True)
class _Table:
    patterns: tuple[re.Pattern[str], ...]
    tails: str
    numbers: str


@cache
def _read_table() -> _Table:
    path = Path(__file__).with_name("corrections.toml")
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    lines = told["patterns"].split("\n")
    patterns = tuple(re.compile(line) for line in lines if line.strip())
    return _Table(patterns, told["tails"], told["numbers"])
