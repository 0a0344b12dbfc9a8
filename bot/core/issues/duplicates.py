"""Sees whether somebody has said this already: open issues that may be about the same matter."""

import math
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypeVar

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
_NEAR = -0.15  # what the same place or category may lift
_SAME_PLACE = 0.15
_SAME_CATEGORY = 0.1
_TELLING = 12  # characters from which being contained counts in full
_OTHER_NUMBERS = 0.15  # 3号楼 and 5号楼 are two matters

_LOOKED_AT = 32  # candidates that are compared letter by letter
_BITS = 8192
_SPREAD = 7919  # a prime, so that pairs with one character in common lie far apart

_GREETINGS = tuple(
    tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[
        "greetings"
    ].split()
)


class Band(StrEnum):
    """How likely it is that two issues are one matter; a person decides in either case."""

    LIKELY = "likely"
    POSSIBLE = "possible"


class Said(Protocol):
    """An open issue as whoever keeps it has it at hand: several hundred are compared at a time, and
    building each anew would cost as much as the comparison."""

    @property
    def id(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def category(self) -> str | None: ...
    @property
    def place(self) -> str | None: ...


S = TypeVar("S", bound=Said)


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
    """How a message begins; `pairs` is the set of its pairs of characters as bits of one number.

    One AND of two numbers is a tenth of the price of intersecting two sets, and two pairs that
    share a bit are rare enough to leave the figures as they are.
    """

    text: str
    pairs: int
    size: int
    numbers: frozenset[str]


def same_matter(
    text: str,
    candidates: Iterable[Said],
    limit: int = 3,
    *,
    category: str | None = None,
    place: str | None = None,
) -> tuple[Alike, ...]:
    """At most `limit` of the open issues `candidates` that `text` may be about, likeliest first.

    Nothing is merged by this: it says what a liaison should look at.
    """
    said, here = _read_opening(text), _place(place)
    scores = []
    for matter, other in _nearest(said, candidates, max(limit, _LOOKED_AT)):
        score = _likeness(said, other)
        if score < _NEAR:
            continue  # the same place alone makes no matter the same
        score += _SAME_PLACE * (here is not None and here == _place(matter.place))
        score += _SAME_CATEGORY * (category is not None and category == matter.category)
        scores.append((matter.id, max(0.0, min(1.0, score))))
    near = sorted(
        (entry for entry in scores if entry[1] >= _POSSIBLE), key=lambda one: (-one[1], one[0])
    )
    return tuple(
        Alike(id_, score, Band.LIKELY if score >= _LIKELY else Band.POSSIBLE)
        for id_, score in near[:limit]
    )


def _nearest(said: _Opening, candidates: Iterable[S], most: int) -> Iterator[tuple[S, _Opening]]:
    """Those that share most pairs: a closer look at all of them would make a filing dear."""
    sharing: list[tuple[float, int, S, _Opening]] = []
    for place, matter in enumerate(candidates):
        other = _read_opening(matter.text)
        both = (said.pairs & other.pairs).bit_count()
        if both:
            sharing.append((both / said.size + both / other.size, -place, matter, other))
    for _share, _place, matter, other in nlargest(most, sharing):
        yield matter, other


def _likeness(one: _Opening, two: _Opening) -> float:
    score = _above_chance(one, two)
    if one.numbers and two.numbers and one.numbers.isdisjoint(two.numbers):
        score -= _OTHER_NUMBERS
    return score


def _above_chance(one: _Opening, two: _Opening) -> float:
    shorter, longer = sorted((len(one.text), len(two.text)))
    both = (one.pairs & two.pairs).bit_count()
    cosine = both / (math.sqrt(one.size * two.size) or 1.0)
    alike = (Indel.normalized_similarity(one.text, two.text) + cosine) / 2
    # One sentence of one firm is often part of another's long message; a word or two prove less.
    contained = both / (min(one.size, two.size) or 1)
    weight = min(1.0, shorter / _TELLING)
    return max(_beyond(_chance(longer), alike), weight * _beyond(_chance(shorter), contained))


def _chance(characters: int) -> float:
    return min(_MOST_CHANCE, _CHANCE + _CHANCE_OF_SHORT / max(1, characters))


def _beyond(chance: float, likeness: float) -> float:
    return (likeness - chance) / (1 - chance)


@lru_cache(maxsize=1024)
def _place(place: str | None) -> str | None:
    return fold(place).casefold() if place else None


@lru_cache(maxsize=8192)  # the open issues of a park: read once, not at every filing
def _read_opening(text: str) -> _Opening:
    clauses = re.split(r"[\W_]+", fold(text[: 2 * _OPENING]).casefold())
    while len(clauses) > 1 and _greets(clauses[0]):
        clauses.pop(0)
    words = "".join(clauses)[:_OPENING]
    pairs = 0
    for first, second in pairwise(map(ord, words)):
        pairs |= 1 << (first * _SPREAD + second) % _BITS
    numbers = frozenset(re.findall(r"[a-z]*[0-9]+[a-z]*", words))
    return _Opening(words, pairs, pairs.bit_count(), numbers)


def _greets(clause: str) -> bool:
    return len(clause) <= _GREETING and (
        not clause or any(greeting in clause for greeting in _GREETINGS)
    )
