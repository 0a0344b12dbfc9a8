"""Cuts texts into characters, pairs of characters and pairs of syllables, many texts at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bot.core.classifier.sound import FIRST, syllables

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

# A gram is one number, so that a vocabulary is one sorted array: a character is its code point,
# a pair has the first one 16 bits higher, a pair of syllables one bit above that.
_PAIR = 16
_SOUND = 1 << 32
_LATIN = 0x80  # one letter, digit or stop on its own says nothing about the matter
_BEYOND = 0xFFFF  # characters outside the basic plane are rare enough to share a number


@dataclass(frozen=True, slots=True)
class Grams:
    """Parallel arrays: which text a gram stands in, the gram, and the place of its first
    character, counted in the texts written one after the other with one character between."""

    text: Ints
    gram: Ints
    place: Ints


def grams(texts: Sequence[str]) -> Grams:
    """All grams of folded texts; a text must not contain NUL, which folding removes."""
    units = _units(texts)
    inside = units != 0
    owner = np.cumsum(~inside) - ~inside
    both = inside[:-1] & inside[1:]
    heard = _sounds()[units]
    spoken = both & (heard[:-1] >= FIRST) & (heard[1:] >= FIRST)
    singles = np.flatnonzero(units >= _LATIN)
    pairs, rhymes = np.flatnonzero(both), np.flatnonzero(spoken)
    place = np.concatenate((singles, pairs, rhymes))
    gram = np.concatenate(
        (
            units[singles],
            (units[pairs] << _PAIR) | units[pairs + 1],
            (heard[rhymes] << _PAIR) | heard[rhymes + 1] | _SOUND,
        )
    )
    return Grams(owner[place], gram, place)


def width(gram: Ints) -> Ints:
    """How many characters each gram covers: one or two."""
    return np.where(gram >> _PAIR > 0, 2, 1)


def _units(texts: Sequence[str]) -> Ints:
    joined = "\0".join(texts) + "\0"
    wide = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    return np.minimum(wide, _BEYOND).astype(np.int64)


@cache
def _sounds() -> Ints:
    table = np.arange(_BEYOND + 1, dtype=np.int64)
    for character, syllable in syllables().items():
        table[character] = syllable
    return table
