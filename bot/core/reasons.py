"""The words of a message that decided its category, and how much each weighed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from bot.core.features import HIGHEST, counted, weighed
from bot.core.grams import Grams, grams, width
from bot.core.lexicon import Hit
from bot.core.model import Model

_MOST = 5
_LONGEST = 6
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


def deciding(model: Model, texts: Sequence[str], labels: Sequence[int]) -> list[tuple[Word, ...]]:
    """For each plain text the words that spoke for its label (a place), the weightiest first.

    The lexicon's words come whole; the rest of a text is cut where its weight falls off.
    """
    weights = weights_of_characters(model, texts, labels)
    return [
        _deciding(text, weight, _owned(model, text, label))
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
    counts = counted(texts)
    rows = weighed(counts, model.space)
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


def _owned(model: Model, text: str, label: int) -> list[Hit]:
    return [hit for hit in model.lexicon.words_in(text) if hit.owner == label]


def _deciding(text: str, weight: list[float], hits: list[Hit]) -> tuple[Word, ...]:
    found = [_listed(hit, weight) for hit in hits]
    for hit in hits:
        weight[hit.start : hit.end] = [0.0] * (hit.end - hit.start)
    found += _runs(text, weight)
    found = found or _heaviest(text, weight)
    found.sort(key=lambda word: -word.weight)
    worth = _WORTH * found[0].weight if found else 0.0
    return tuple(word for word in found[:_MOST] if word.weight > max(worth, 0))


def _listed(hit: Hit, weight: list[float]) -> Word:
    return Word(hit.word, sum(weight[hit.start : hit.end]), Rule.LISTED)


def _runs(text: str, weight: list[float]) -> Iterator[Word]:
    """Stretches of two to six letters that all weigh something."""
    enough = _WORTH * max(weight, default=0.0)
    start = 0
    for place, own in enumerate([*weight, -1.0]):
        inside = own > enough and text[place].isalnum()
        if inside and place - start < _LONGEST:
            continue
        if place - start > 1:
            yield Word(text[start:place], sum(weight[start:place]), Rule.LEARNED)
        start = place if inside else place + 1


def _heaviest(text: str, weight: list[float]) -> list[Word]:
    """The one or two letters that weigh most, where no longer stretch stands out."""
    pairs = [
        Word(text[place : place + 2].strip(), sum(weight[place : place + 2]), Rule.LEARNED)
        for place in range(len(text))
        if text[place : place + 2].isalnum()
    ]
    return sorted(pairs, key=lambda word: -word.weight)[:1]
