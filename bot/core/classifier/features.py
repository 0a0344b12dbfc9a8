"""Turns texts into sparse rows of weighted grams."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.classifier.grams import Floats, Ints, grams
from bot.core.reading import fold

HIGHEST = 33  # bits of the largest gram
_LONGEST = 10_000  # characters; nobody writes more, and a pasted file must not hold up the rest


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each feature stands in each text: parallel arrays, sorted by text then feature."""

    texts: int
    text: Ints
    feature: Ints
    count: Floats


@dataclass(frozen=True, slots=True)
class Space:
    """The known grams, sorted, and how rare each is (idf); `unseen` is the rarity of others."""

    feature: Ints
    rarity: Floats
    unseen: float


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: row n holds `column` and `value` from `first[n]` up to `first[n + 1]`."""

    first: Ints
    column: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.first) - 1


def plain(text: str) -> str:
    """The text as routing compares it: folded, in lower case, no longer than anybody writes."""
    return fold(text[:_LONGEST]).lower()


def count_grams(texts: Sequence[str]) -> Counts:
    """The grams of plain texts."""
    found = grams(texts)
    pairs, count = np.unique((found.text << HIGHEST) | found.gram, return_counts=True)
    feature = pairs & ((1 << HIGHEST) - 1)
    return Counts(len(texts), pairs >> HIGHEST, feature, count.astype(np.float32))


def space_of(counts: Counts, at_least: int) -> Space:
    """The features that stand in at least so many texts, with their rarity among them."""
    feature, texts = np.unique(counts.feature, return_counts=True)
    kept = texts >= at_least
    rarity = np.log((1 + counts.texts) / (1 + texts[kept])) + 1
    unseen = float(np.log((1 + counts.texts) / 2) + 1)
    return Space(feature[kept], rarity.astype(np.float32), unseen)


def weigh_counts(counts: Counts, space: Space) -> Rows:
    """Rows in this space: sublinear tf-idf of length 1.

    What the space does not know has no column but takes its part of the length, so that a text
    of unknown words is met with doubt.
    """
    at = np.minimum(np.searchsorted(space.feature, counts.feature), len(space.feature) - 1)
    known = space.feature[at] == counts.feature
    value = (1 + np.log(counts.count)) * np.where(known, space.rarity[at], space.unseen)
    square = np.bincount(counts.text, value * value, minlength=counts.texts)
    value /= np.sqrt(square)[counts.text]
    per_row = np.bincount(counts.text[known], minlength=counts.texts)
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(per_row)))
    return Rows(first, at[known], value[known].astype(np.float32))


def multiply_rows(rows: Rows, weights: Floats) -> Floats:
    """One line for each row, one column for each column of the weights."""
    result = np.zeros((len(rows), weights.shape[1]), np.float32)
    filled = np.flatnonzero(np.diff(rows.first))
    if len(filled):
        terms = weights[rows.column] * rows.value[:, None]
        result[filled] = np.add.reduceat(terms, rows.first[filled], axis=0)
    return result
