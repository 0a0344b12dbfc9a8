"""What has been learned about categories: a frozen value that answers, learns and travels."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.core.classifier.features import (
    Counts,
    Rows,
    Space,
    count_grams,
    plain,
    space_of,
    weigh_counts,
)
from bot.core.classifier.grams import Floats
from bot.core.classifier.lexicon import Lexicon
from bot.core.classifier.training import (
    PARTS,
    ROUNDS,
    Calibration,
    Progress,
    Samples,
    Weights,
    correct_weights,
    fit_calibration,
    probabilities,
    score_held_out,
    score_rows,
    select_samples,
    train_weights,
)

Arrays = dict[str, npt.NDArray[Any]]

_FORMAT = 1
_ENOUGH = 20_000  # rows from which calibration needs no more
_MANY = 20_000  # from so many texts on, a gram that stands in one of them only is left out


class ModelError(ValueError):
    """What was read is no model, or one that this version of the bot cannot use."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text whose label is known.

    Samples of one `origin` (a title and its body) are one message. `spoken` says that people
    write like this; single keywords teach, but do not show how often the model is right.
    """

    text: str
    label: str
    origin: int
    spoken: bool = True


@dataclass(frozen=True)
class Model:
    """Labels, the words and grams that speak for them, and how far to believe it all.

    `corrections` counts what was learned one by one since the last whole training.
    """

    labels: tuple[str, ...]
    lexicon: Lexicon
    space: Space
    weights: Weights
    calibration: Calibration
    corrections: int = 0

    def rows(self, texts: Sequence[str]) -> Rows:
        """Plain texts as rows of this model."""
        return weigh_counts(count_grams(texts), self.space)

    def scores(self, texts: Sequence[str]) -> Floats:
        """One line for each plain text, one column for each label; above 0 speaks for it."""
        return score_rows(self.rows(texts), self.weights)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """One line for each plain text, adding up to 1 over the labels."""
        return probabilities(self.scores(texts), self.calibration)

    @property
    def version(self) -> str:
        """Twelve characters that differ whenever anything learned differs."""
        digest = hashlib.sha256()
        for name, array in sorted(to_arrays(self).items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]


def fit(
    samples: Sequence[Sample],
    labels: Sequence[str],
    lexicon: Lexicon | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Model:
    """A model trained on all samples at once; the same samples and seed give the same bytes.

    Raises ModelError where there is no sample with text, or a sample's label is not in `labels`.
    `progress` is told the steps done and the steps there are.
    """
    words = lexicon or Lexicon()
    read = [(plain(sample.text), sample) for sample in samples]
    kept = [(text, sample) for text, sample in read if text]
    if not kept:
        raise ModelError("there is nothing to learn from: no sample has any text")
    texts = [text for text, _ in kept]
    counts = count_grams(texts)
    space = space_of(counts, 2 if len(kept) > _MANY else 1)
    known = _samples(weigh_counts(counts, space), [sample for _, sample in kept], tuple(labels))
    weights = train_weights(known, seed, _part_of(progress, 0, ROUNDS))
    spoken = np.array([sample.spoken for _, sample in kept], bool)
    calibration = _calibration(known, spoken, seed, _part_of(progress, ROUNDS, ROUNDS * PARTS))
    return Model(tuple(labels), words, space, weights, calibration)


def correct_model(model: Model, text: str, label: str) -> Model:
    """The model after one correction: this text belongs to this label, which may be a new one.

    A text without any letter or sign teaches nothing.
    """
    read = plain(text)
    if not read:
        return model
    counts = count_grams([read])
    wider = _with_label(_with_features(model, counts), label)
    place = wider.labels.index(label)
    weights = correct_weights(weigh_counts(counts, wider.space), place, wider.weights)
    return replace(wider, weights=weights, corrections=model.corrections + 1)


def to_arrays(model: Model) -> Arrays:
    """The model as plain arrays, ready for a file; nothing in it needs pickle."""
    return {
        "format": np.array(_FORMAT),
        "labels": np.array(model.labels, np.str_),
        "words": np.array(model.lexicon.words, np.str_),
        "owners": np.array(model.lexicon.owners, np.int64),
        "feature": model.space.feature,
        "rarity": model.space.rarity,
        "unseen": np.array(model.space.unseen),
        "mix": model.calibration.mix,
        "weights": model.weights.feature,
        "bias": model.weights.bias,
        "offset": model.calibration.offset,
        "corrections": np.array(model.corrections),
    }


def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> Model:
    """The model that `to_arrays` took apart. Raises ModelError where the arrays are no model."""
    try:
        if int(arrays["format"]) != _FORMAT:
            raise ModelError(f"format {arrays['format']} is not known here, only {_FORMAT}")
        model = Model(
            tuple(map(str, arrays["labels"])),
            Lexicon(tuple(map(str, arrays["words"])), tuple(map(int, arrays["owners"]))),
            Space(arrays["feature"], arrays["rarity"], float(arrays["unseen"])),
            Weights(arrays["weights"], arrays["bias"]),
            Calibration(arrays["mix"], arrays["offset"]),
            int(arrays["corrections"]),
        )
    except KeyError as error:
        raise ModelError(f"no model: it lacks {error}") from error
    if model.weights.feature.shape != (len(model.space.feature), len(model.labels)):
        raise ModelError("no model: its weights do not fit its features and labels")
    return model


def _samples(rows: Rows, samples: Sequence[Sample], labels: tuple[str, ...]) -> Samples:
    place = {label: number for number, label in enumerate(labels)}
    for sample in samples:
        if sample.label not in place:
            raise ModelError(f"label {sample.label!r} is not among {list(labels)}")
    label = np.array([place[sample.label] for sample in samples], np.int64)
    origin = np.array([sample.origin for sample in samples], np.int64)
    features = int(rows.column.max(initial=-1)) + 1
    return Samples(rows, label, origin, len(labels), features)


def _calibration(
    known: Samples, spoken: npt.NDArray[np.bool_], seed: int, progress: Progress | None
) -> Calibration:
    """From held-out scores of what people wrote; of very many messages a part is enough."""
    every = -(-len(known.rows) // _ENOUGH)
    some = np.flatnonzero(known.origin % every == 0)
    part, like_people = select_samples(known, some), spoken[some]
    shown = np.flatnonzero(like_people if like_people.any() else ~like_people)
    return fit_calibration(score_held_out(part, seed, progress)[shown], part.label[shown])


def _part_of(progress: Progress | None, before: int, steps: int) -> Progress | None:
    """Reports one part's share done as steps of the whole, which is ROUNDS * (1 + PARTS)."""
    if not progress:
        return None
    return lambda done, total: progress(before + steps * done // total, ROUNDS * (1 + PARTS))


def _with_features(model: Model, counts: Counts) -> Model:
    """Room for grams never seen before, which only a correction can bring."""
    space = model.space
    fresh = np.setdiff1d(counts.feature, space.feature)
    if not len(fresh):
        return model
    at = np.searchsorted(space.feature, fresh)
    wider = replace(
        space,
        feature=np.insert(space.feature, at, fresh),
        rarity=np.insert(space.rarity, at, np.float32(space.unseen)),
    )
    weights = np.insert(model.weights.feature, at, np.float32(0), axis=0)
    return replace(model, space=wider, weights=replace(model.weights, feature=weights))


def _with_label(model: Model, label: str) -> Model:
    """A column for a label never seen before: it starts where the others start on average."""
    if label in model.labels:
        return model
    lines, old = model.weights.feature, model.calibration
    blank = np.zeros((len(lines), 1), np.float32)
    low = np.append(model.weights.bias, model.weights.bias.mean())
    mix = np.pad(old.mix, (0, 1))
    mix[-1, -1] = np.diag(old.mix).mean()
    return replace(
        model,
        labels=(*model.labels, label),
        weights=Weights(np.hstack((lines, blank)), low),
        calibration=Calibration(mix, np.append(old.offset, np.float32(0))),
    )
