"""The words of a message that decided its category, and how much each weighed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from bot.core.classifier.features import HIGHEST, count_grams, weigh_counts
from bot.core.classifier.grams import Grams, grams, width
from bot.core.classifier.lexicon import Hit
from bot.core.classifier.model import Model

_MOST = 5
_LONGEST = 4
_NEIGHBOUR = 0.5
_WORTH = 0.25

Weights = npt.NDArray[np.float64]


class Rule(StrEnum):
    """Why a word counts: the office listed it, or the bot learned it from examples and
    corrections."""

    LISTED = "listed"
    LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Word:
    """Part of a message as it was compared, and its weight: how much it raised the category over
    the average of the others, in steps of the log odds."""

    text: str
    weight: float
    rule: Rule


def find_deciding_words(
    model: Model, texts: Sequence[str], labels: Sequence[int]
) -> list[tuple[Word, ...]]:
    """For each plain text the words that spoke for its label (a place), the weightiest first.

    The lexicon's words come whole; the rest of a text is cut where its weight falls off.
    """
    weights = weights_of_characters(model, texts, labels)
    return [
        _pick_words(text, weight, _find_own_hits(model, text, label))
        for text, weight, label in zip(texts, weights, labels, strict=True)
    ]


def weights_of_characters(
    model: Model, texts: Sequence[str], labels: Sequence[int]
) -> list[list[float]]:
    """For each plain text, how much each character raised its label over the average of others.

    The sum is what the whole text raised it by, in steps of the log odds, without what the label
    starts from.
    """
    found, share = _shares(model, texts, np.asarray(labels, np.int64))
    wide = width(found.gram)
    length = sum(map(len, texts)) + len(texts)
    along = np.bincount(found.place, share / wide, minlength=length)
    second = np.flatnonzero(wide == 2)
    along += np.bincount(found.place[second] + 1, share[second] / 2, minlength=length)
    lines, start = [], 0
    for text in texts:
        lines.append(along[start : start + len(text)].tolist())
        start += len(text) + 1
    return lines


def _shares(
    model: Model, texts: Sequence[str], labels: npt.NDArray[np.int64]
) -> tuple[Grams, Weights]:
    """All grams of the texts and what each of them raised the label of its text by."""
    found = grams(texts)
    pairs = (found.text << HIGHEST) | found.gram
    once, which = np.unique(pairs, return_inverse=True)
    counts = count_grams(texts)
    rows = weigh_counts(counts, model.space)
    raised = np.zeros(len(once))
    at = np.searchsorted(model.space.feature, counts.feature)
    known = model.space.feature[np.minimum(at, len(model.space.feature) - 1)] == counts.feature
    label = labels[counts.text[known]]
    raised[known] = rows.value * _over_others(model, rows.column, label)
    return found, (raised / counts.count)[which]


def _over_others(
    model: Model, column: npt.NDArray[np.int64], label: npt.NDArray[np.int64]
) -> Weights:
    mix = model.calibration.mix
    others = (mix.sum(axis=1, keepdims=True) - mix) / max(len(model.labels) - 1, 1)
    toward = (mix - others).T[label]
    return np.asarray(np.einsum("ij,ij->i", model.weights.feature[column], toward), np.float64)


def _find_own_hits(model: Model, text: str, label: int) -> list[Hit]:
    return [hit for hit in model.lexicon.words_in(text) if hit.owner == label]


def _pick_words(text: str, weight: list[float], hits: list[Hit]) -> tuple[Word, ...]:
    found = [_weigh_hit(hit, weight) for hit in hits]
    for hit in hits:
        weight[hit.start : hit.end] = [0.0] * (hit.end - hit.start)
    found += _find_learned_words(text, weight)
    found.sort(key=lambda word: -word.weight)
    worth = _WORTH * found[0].weight if found else 0.0
    return tuple(word for word in found[:_MOST] if word.weight > max(worth, 0))


def _weigh_hit(hit: Hit, weight: list[float]) -> Word:
    return Word(hit.word, sum(weight[hit.start : hit.end]), Rule.LISTED)


def _find_learned_words(text: str, weight: list[float]) -> Iterator[Word]:
    """Up to four letters round each of the heaviest ones, the heaviest first."""
    left = [own if char.isalnum() else 0.0 for char, own in zip(text, weight, strict=True)]
    for _ in range(_MOST):
        peak = max(left, default=0.0)
        if peak <= 0:
            return
        start, end = _around(left, left.index(peak), peak)
        yield Word(text[start:end], sum(left[start:end]), Rule.LEARNED)
        left[start:end] = [0.0] * (end - start)


def _around(weight: list[float], place: int, peak: float) -> tuple[int, int]:
    """The stretch round the peak that grows by its heavier neighbour while that weighs enough;
    for the first neighbour anything is enough, because one character is seldom a word."""
    start, end = place, place + 1
    while end - start < _LONGEST:
        before = weight[start - 1] if start else 0.0
        after = weight[end] if end < len(weight) else 0.0
        alone = end - start == 1
        if max(before, after) <= (0 if alone else peak * _NEIGHBOUR):
            break
        start, end = (start - 1, end) if before > after else (start, end + 1)
    return start, end
