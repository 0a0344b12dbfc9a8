"""Learns weights for sparse rows: one line for each class against the rest, then calibration.

Squared-hinge support vectors by dual coordinate descent (Hsieh and others, ICML 2008, the method
of LIBLINEAR), all classes of a row in one step. It was the best of what was tried; see
`python -m tests.classifier.report`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.core.classifier.features import Rows, multiply_rows
from bot.core.classifier.grams import Floats, Ints

Progress = Callable[[int, int], None]
Numbers = npt.NDArray[np.float64]

_COST = 0.5
_SLACK = 1 / (2 * _COST)
ROUNDS = 12
_ALL_AGAIN = 4  # every so many rounds also the rows that seemed settled are looked at
_SETTLED = 0.01
_GENTLY = 2.0  # the greater, the less one correction moves; 2 still turns nearly every one
PARTS = 3
_STEPS = 400
_FLATTEST = 0.1
# How many rows' worth of doubt stand against moving one class's offset, or letting the score for
# one class speak for another; a class with few rows must not be moved by chance.
_OFFSET_CAUTION = 1.0
_MIX_CAUTION = 10.0


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows whose class is known. Rows of one `origin` (a title and its body) stay together when
    some are held out. `classes` and `features` are how many of each there are."""

    rows: Rows
    label: Ints
    origin: Ints
    classes: int
    features: int


@dataclass(frozen=True, slots=True)
class Weights:
    """A line for each feature, a column for each class, and what each class starts from."""

    feature: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scores become probabilities as softmax(scores @ mix + offset).

    The mix is a slope on its diagonal; beside it stands what the score for one class says about
    another.
    """

    mix: Floats
    offset: Floats


def train_weights(samples: Samples, seed: int, progress: Progress | None = None) -> Weights:
    """Weights that tell the classes apart; the same samples and seed give the same bytes.

    `progress` is told the rounds done and the most there may be.
    """
    rows, classes = samples.rows, samples.classes
    empty = np.zeros((samples.features, classes), np.float32)
    weights = Weights(empty, np.zeros(classes, np.float32))
    pull = np.zeros((len(rows), classes), np.float32)
    order = np.random.default_rng(seed)
    moved = np.full(len(rows), np.inf)
    sides, bounds = _sides(classes)[samples.label], rows.first.tolist()
    for round_ in range(ROUNDS):
        waiting = np.arange(len(rows)) if round_ % _ALL_AGAIN == 0 else _find_unsettled_rows(moved)
        for row in order.permutation(waiting).tolist():
            here = slice(bounds[row], bounds[row + 1])
            moved[row] = _step(rows.column[here], rows.value[here], sides[row], pull[row], weights)
        if progress:
            progress(round_ + 1, ROUNDS)
        if round_ % _ALL_AGAIN == 0 and not len(_find_unsettled_rows(moved)):
            break
    if progress:
        progress(ROUNDS, ROUNDS)
    return weights


def correct_weights(rows: Rows, label: int, weights: Weights) -> Weights:
    """Weights that have learned from one row more, by a gentler step than training takes.

    What the classes start from stays: moved by one row after another it swings to whatever was
    corrected last, and took accuracy from .67 to .40 in another city's order of messages.
    """
    column, value, side = rows.column, rows.value, _sides(len(weights.bias))[label]
    lines = weights.feature.take(column, axis=0)
    lacking = np.maximum(1 - side * (value @ lines + weights.bias), 0)
    change = side * lacking / (value @ value + _GENTLY)
    feature = weights.feature.copy()
    feature[column] = lines + value[:, None] * change
    return Weights(feature, weights.bias)


def score_rows(rows: Rows, weights: Weights) -> Floats:
    """How far each row is on the side of each class: above 0 speaks for it."""
    return multiply_rows(rows, weights.feature) + weights.bias


def _find_unsettled_rows(moved: Numbers) -> Ints:
    return np.flatnonzero(moved > _SETTLED)


def _sides(classes: int) -> Floats:
    """For each label: 1 in its own column, -1 in every other."""
    return 2 * np.eye(classes, dtype=np.float32) - 1


def _step(column: Ints, value: Floats, side: Floats, pull: Floats, weights: Weights) -> float:
    """One row's dual step in place, for all classes at once; how far the farthest one moved."""
    lines = weights.feature.take(column, axis=0)
    slope = side * (value @ lines + weights.bias) - 1 + _SLACK * pull
    new = np.maximum(pull - slope / (value @ value + 1 + _SLACK), 0)
    change = (new - pull) * side
    farthest = float(max(change.max(), -change.min()))
    if farthest > _SETTLED / 10:
        weights.feature[column] = lines + value[:, None] * change
        weights.bias[:] += change
        pull[:] = new
    return farthest


def score_held_out(samples: Samples, seed: int, progress: Progress | None = None) -> Floats:
    """Scores for each row from weights that never saw its origin: what calibration needs."""
    part = _parts(samples, seed)
    scores = np.zeros((len(samples.rows), samples.classes), np.float32)
    for number in range(PARTS):
        outside = np.flatnonzero(part == number)
        weights = train_weights(select_samples(samples, np.flatnonzero(part != number)), seed)
        scores[outside] = score_rows(_rows(samples.rows, outside), weights)
        if progress:
            progress(number + 1, PARTS)
    return scores


def fit_calibration(scores: Floats, label: Ints) -> Calibration:
    """The mix and offsets under which held-out scores predict how often they are right.

    Log loss, by gradient descent with momentum (Adam).
    """
    rows, classes = scores.shape
    seen = np.eye(classes)[label]
    at = np.concatenate((np.ones(1), np.zeros(classes + classes * classes)))
    first, second = np.zeros_like(at), np.zeros_like(at)
    for step in range(1, _STEPS + 1):
        wrong = probabilities(scores, _calibration(at, classes)) - seen
        down = _downhill(scores, wrong, at) / rows
        first, second = 0.9 * first + 0.1 * down, 0.99 * second + 0.01 * down**2
        ahead = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-9)
        at = at - 0.05 * ahead
    return _calibration(at, classes)


def _calibration(at: Numbers, classes: int) -> Calibration:
    """From one array: the slope, the offsets, what is beside the slope."""
    beside = at[1 + classes :].reshape(classes, classes)
    mix = max(at[0], _FLATTEST) * np.eye(classes) + beside
    return Calibration(mix.astype(np.float32), at[1 : 1 + classes].astype(np.float32))


def _downhill(scores: Floats, wrong: Numbers, at: Numbers) -> Numbers:
    classes = scores.shape[1]
    down = np.concatenate(([(wrong * scores).sum()], wrong.sum(0), (scores.T @ wrong).ravel()))
    down[1 : 1 + classes] += _OFFSET_CAUTION * at[1 : 1 + classes]
    down[1 + classes :] += _MIX_CAUTION * at[1 + classes :]
    return down


def probabilities(scores: Floats, calibration: Calibration) -> Floats:
    """One line for each row, adding up to 1."""
    raised = scores @ calibration.mix + calibration.offset
    grown = np.exp(raised - raised.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), np.float32)


def _parts(samples: Samples, seed: int) -> Ints:
    """Which part each row is held out in: every class spread evenly, every origin in one."""
    origins, at = np.unique(samples.origin, return_index=True)
    label = samples.label[at]
    part = np.zeros(len(origins), np.int64)
    order = np.random.default_rng(seed)
    for class_index in range(samples.classes):
        members = order.permutation(np.flatnonzero(label == class_index))
        part[members] = (np.arange(len(members)) + class_index) % PARTS
    return part[np.searchsorted(origins, samples.origin)]


def select_samples(samples: Samples, chosen: Ints) -> Samples:
    """Only the samples in these rows."""
    return Samples(
        _rows(samples.rows, chosen),
        samples.label[chosen],
        samples.origin[chosen],
        samples.classes,
        samples.features,
    )


def _rows(rows: Rows, chosen: Ints) -> Rows:
    widths = np.diff(rows.first)[chosen]
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(widths)))
    inside = np.arange(first[-1]) - np.repeat(first[:-1], widths)
    at = np.repeat(rows.first[chosen], widths) + inside
    return Rows(first, rows.column[at], rows.value[at])
