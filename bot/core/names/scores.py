"""Says how much alike a name somebody used and the names of firms are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel, LCSseq, Prefix
from rapidfuzz.process import cdist

from bot.core.names.outcome import Evidence
from bot.core.names.parts import NameParts, split
from bot.core.names.sounds import spell

# What each likeness counts for; they add up to 1. Set by judgement and rounded: people leave
# characters out far more often than they change their order, so letters in order come first.
_LETTERS = 0.35  # characters of the query found in the name in the same order
_CORE = 0.25  # likeness of the two cores
_RARITY = 0.15  # weight of the grams they share
_SOUND = 0.10  # as _LETTERS, for syllables
_CORE_SOUND = 0.10  # as _CORE, for syllables
_BEGINNING = 0.05  # how far the two cores begin alike

Scores: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name, with its sounds."""

    parts: NameParts
    sound: str
    core_sound: str

    @classmethod
    def of(cls, name: str) -> "Spelling":
        parts = split(name)
        return cls(parts, spell(parts.said), spell(parts.core))

    def grams(self) -> set[str]:
        """What it is looked up by: pairs of syllables, and characters that mean something alone."""
        pairs = {self.sound[at : at + 2] for at in range(len(self.sound) - 1)}
        return pairs | {char for char in self.parts.said if not char.isascii()}


def score(said: Spelling, names: Sequence[Spelling], rarity: Scores) -> Scores:
    """How much alike `said` and each of `names` are, 0 to 1; `rarity` comes from the index."""
    letters, core = said.parts.said, said.parts.core
    scores: Scores = (
        _LETTERS * _in_order(letters, [name.parts.said for name in names])
        + _CORE * _alike(core, [name.parts.core for name in names])
        + _RARITY * rarity
        + _SOUND * _in_order(said.sound, [name.sound for name in names])
        + _CORE_SOUND * _alike(said.core_sound, [name.core_sound for name in names])
        + _BEGINNING * _share(core, [name.parts.core for name in names], Prefix.similarity)
    )
    return scores


def why_alike(said: Spelling, name: Spelling) -> Evidence:
    """In what way `said` and `name` are most alike."""
    if said.parts.core == name.parts.core:
        return Evidence.CORE
    if LCSseq.similarity(said.parts.said, name.parts.said) == len(said.parts.said):
        return Evidence.LETTERS
    if LCSseq.similarity(said.sound, name.sound) == len(said.sound):
        return Evidence.SOUND
    return Evidence.LIKE


def _in_order(text: str, names: Sequence[str]) -> Scores:
    return _share(text, names, LCSseq.similarity)


def _share(text: str, names: Sequence[str], similarity: Callable[..., int]) -> Scores:
    return _compare(text, names, similarity) / np.float32(len(text))


def _alike(text: str, names: Sequence[str]) -> Scores:
    return _compare(text, names, Indel.normalized_similarity)


def _compare(text: str, names: Sequence[str], scorer: Callable[..., float]) -> Scores:
    rows: Scores = cdist([text], names, scorer=scorer, dtype=np.float32)
    row: Scores = rows[0]
    return row
