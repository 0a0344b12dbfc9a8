"""The words of a message that decided its category, and how much each weighed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from bot.core.features import counted, weighed
from bot.core.grams import grams, width
from bot.core.lexicon import Hit, Match
from bot.core.model import Model

_MOST = 5
_LONGEST = 6
_WORTH = 0.25

Weights = npt.NDArray[np.float64]


class Rule(StrEnum):
    """Why a word counts: the office listed it, it sounds or looks like a listed one, or the bot
    learned it from examples and corrections."""

    LISTED = "listed"
    ALIKE = "alike"
    LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Word:
    """Part of a message as it was compared, and its weight: how much it raised the category over
    the average of the others, in steps of the log odds."""

    text: str
    weight: float
    rule: Rule


def deciding(model: Model, text: str, label: int) -> tuple[Word, ...]:
    """The words of a plain text that spoke for this label (its place), the weightiest first.

    The lexicon's words come whole; the rest of the text is cut where its weight falls off.
    """
    heavy = weight_of_characters(model, text, label)
    hits = [hit for hit in _hits(model, text) if hit.owner == label]
    listed = [_listed(text, hit, heavy) for hit in hits]
    for hit in hits:
        heavy[hit.start : hit.end] = 0
    found = [*listed, *_runs(text, heavy)]
    worth = _WORTH * max((word.weight for word in found), default=0)
    best = sorted((word for word in found if word.weight > worth), key=lambda word: -word.weight)
    return tuple(best[:_MOST])


def weight_of_characters(model: Model, text: str, label: int) -> Weights:
    """How much each character of a plain text raised this label over the average of the others.

    The sum is what the whole text raised it by, in steps of the log odds, without what the label
    starts from. What a guessed word weighs lies on the characters it was guessed from.
    """
    heard = model.heard(text)
    found, counts = grams([heard]), counted([heard])
    rows = weighed(counts, model.space)
    each = np.zeros(len(counts.feature))
    each[np.isin(counts.feature, model.space.feature)] = rows.value * _over_others(
        model, rows.column, label
    )
    share = (each / counts.count)[np.searchsorted(counts.feature, found.gram)]
    wide = width(found.gram)
    weight = np.zeros(len(heard) + 1)
    np.add.at(weight, found.place, share / wide)
    np.add.at(weight, found.place + wide - 1, np.where(wide == 2, share / 2, 0))
    return _on_text(model.lexicon.guesses(text), text, weight)


def _on_text(guesses: list[Hit], text: str, weight: Weights) -> Weights:
    """The weights of guessed words, which follow the text, laid where they were guessed from."""
    own, at = weight[: len(text)], len(text)
    for hit in guesses:
        end = at + 1 + len(hit.word)
        own[hit.start : hit.end] += weight[at:end].sum() / (hit.end - hit.start)
        at = end
    return own


def _hits(model: Model, text: str) -> list[Hit]:
    return model.lexicon.words_in(text) or model.lexicon.guesses(text)


def _over_others(model: Model, column: npt.NDArray[np.int64], label: int) -> Weights:
    lines = model.weights.feature[column].astype(np.float64)
    others = max(len(model.labels) - 1, 1)
    mine = lines[:, label]
    return np.asarray(model.calibration.slope * (mine - (lines.sum(1) - mine) / others))


def _listed(text: str, hit: Hit, weight: Weights) -> Word:
    rule = Rule.LISTED if hit.match is Match.EXACT else Rule.ALIKE
    return Word(text[hit.start : hit.end], float(weight[hit.start : hit.end].sum()), rule)


def _runs(text: str, weight: Weights) -> Iterable[Word]:
    """Stretches of two to six characters that all weigh something."""
    enough = _WORTH * weight.max(initial=0.0)
    start = 0
    for place in range(len(text) + 1):
        inside = place < len(text) and weight[place] > enough and text[place].isalnum()
        if inside and place - start < _LONGEST:
            continue
        if place - start > 1:
            yield Word(text[start:place], float(weight[start:place].sum()), Rule.LEARNED)
        start = place if inside else place + 1
