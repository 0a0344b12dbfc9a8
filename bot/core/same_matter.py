"""Sees whether somebody has said this already: open issues that may be about the same matter."""

import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import Indel

from bot.core.reading import fold

_OPENING = 200  # characters of a message that say what it is about
_GREETING = 14  # characters a greeting has at most

# Two messages that have nothing to do with each other are still somewhat alike, short ones more
# so. Measured: the nearest of 300 unrelated ones lies above this in about one case of eight.
_CHANCE = 0.13
_CHANCE_OF_SHORT = 4.6  # divided by the characters of a message
_MOST_CHANCE = 0.5

# Scores say how far two messages are above chance on the way to being equal.
_LIKELY = 0.4
_POSSIBLE = 0.03
_SAME_PLACE = 0.15
_SAME_CATEGORY = 0.1
_TELLING = 12  # characters from which being contained counts in full
_OTHER_NUMBERS = 0.15  # 3号楼 and 5号楼 are two matters

_GREETINGS = tuple(
    tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[
        "greetings"
    ].split()
)


class Band(StrEnum):
    """How likely it is that two issues are one matter; a person decides in either case."""

    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Matter:
    """An open issue: its summary or first words and, where known, its category and place."""

    id: int
    text: str
    category: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """An open issue that may be on the same matter; `score`, 0 to 1, is no probability."""

    id: int
    score: float
    band: Band


@dataclass(frozen=True, slots=True)
class _Opening:
    text: str
    pairs: frozenset[str]
    numbers: frozenset[str]


def same_matter(
    text: str,
    candidates: Iterable[Matter],
    limit: int = 3,
    *,
    category: str | None = None,
    place: str | None = None,
) -> tuple[Alike, ...]:
    """At most `limit` of the open issues `candidates` that `text` may be about, likeliest first.

    Nothing is merged by this: it says what a liaison should look at.
    """
    said = Matter(0, text, category, place)
    scores = ((matter.id, _score(said, matter)) for matter in candidates)
    near = sorted((one for one in scores if one[1] >= _POSSIBLE), key=lambda one: (-one[1], one[0]))
    return tuple(
        Alike(id_, score, Band.LIKELY if score >= _LIKELY else Band.POSSIBLE)
        for id_, score in near[:limit]
    )


def _score(said: Matter, other: Matter) -> float:
    one, two = _opening(said.text), _opening(other.text)
    # The additions are small: the same place alone makes no matter the same.
    score = _above_chance(one, two)
    score += _SAME_PLACE * _equal(said.place, other.place)
    score += _SAME_CATEGORY * _equal(said.category, other.category)
    if one.numbers and two.numbers and one.numbers.isdisjoint(two.numbers):
        score -= _OTHER_NUMBERS
    return max(0.0, min(1.0, score))


def _above_chance(one: _Opening, two: _Opening) -> float:
    shorter, longer = sorted((len(one.text), len(two.text)))
    both = len(one.pairs & two.pairs)
    sizes = len(one.pairs), len(two.pairs)
    cosine = both / (math.sqrt(math.prod(sizes)) or 1.0)
    alike = (Indel.normalized_similarity(one.text, two.text) + cosine) / 2
    # One sentence of one firm is often part of another's long message; a word or two prove less.
    contained = both / (min(sizes) or 1)
    weight = min(1.0, shorter / _TELLING)
    return max(_beyond(_chance(longer), alike), weight * _beyond(_chance(shorter), contained))


def _chance(characters: int) -> float:
    return min(_MOST_CHANCE, _CHANCE + _CHANCE_OF_SHORT / max(1, characters))


def _beyond(chance: float, likeness: float) -> float:
    return (likeness - chance) / (1 - chance)


def _equal(one: str | None, two: str | None) -> bool:
    return one is not None and two is not None and fold(one) == fold(two)


@lru_cache(maxsize=8192)  # the open issues of a park: read once, not at every filing
def _opening(text: str) -> _Opening:
    clauses = re.split(r"[\W_]+", fold(text[: 2 * _OPENING]).casefold())
    while len(clauses) > 1 and _greets(clauses[0]):
        clauses.pop(0)
    words = "".join(clauses)[:_OPENING]
    pairs = frozenset(words[at : at + 2] for at in range(len(words) - 1))
    return _Opening(words, pairs, frozenset(re.findall(r"[a-z]*[0-9]+[a-z]*", words)))


def _greets(clause: str) -> bool:
    return len(clause) <= _GREETING and (not clause or any(one in clause for one in _GREETINGS))
