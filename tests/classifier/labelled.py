"""Real labelled messages for measuring, folds over them, and ways to spoil them."""

import csv
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import opencc

from bot.core.classifier.sound import find_homophones

DATA = Path(__file__).resolve().parents[2] / "../shared/data"
_SLIPS = 0.1

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Messages:
    """Titles, bodies and labels of one collection, in parallel."""

    name: str
    titles: tuple[str, ...]
    bodies: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def select_places(self, places: Sequence[int]) -> "Messages":
        """Only those at these places."""
        return Messages(
            self.name,
            tuple(self.titles[place] for place in places),
            tuple(self.bodies[place] for place in places),
            tuple(self.labels[place] for place in places),
        )


def taidi() -> Messages:
    """Messages to local governments in Hunan, seven classes."""
    return _read("taidi", "messages_taidi.csv", ("theme", "detail", "label"))


def hangzhou(at_least: int = 20) -> Messages:
    """Messages from Hangzhou, only the classes with so many rows."""
    return _read("hangzhou", "messages_hangzhou.csv", ("title", "content", "domain"), at_least)


def folds(labels: Sequence[str], parts: int, seed: int) -> list[Ints]:
    """The places of each part; every label is spread evenly over the parts."""
    chance = np.random.default_rng(seed)
    part = np.zeros(len(labels), np.int64)
    for label in sorted(set(labels)):
        members = np.flatnonzero(np.array(labels) == label)
        part[chance.permutation(members)] = np.arange(len(members)) % parts
    return [np.flatnonzero(part == number) for number in range(parts)]


def spoilers(texts: Sequence[str]) -> dict[str, Callable[[str], str]]:
    """Ways to write the same otherwise, each changing one character in ten but the first."""
    letters, traditional = "".join(texts), opencc.OpenCC("s2t")
    chance = random.Random(10)

    def slip(text: str, other: Callable[[str], str]) -> str:
        return "".join(other(char) if chance.random() < _SLIPS else char for char in text)

    return {
        "traditional": traditional.convert,
        "homophones": lambda text: slip(text, lambda one: chance.choice(find_homophones(one))),
        "wrong letters": lambda text: slip(text, lambda _: chance.choice(letters)),
        "left out": lambda text: slip(text, lambda _: ""),
    }


@dataclass(frozen=True)
class Figures:
    """Probabilities for messages whose class is known, and what they are worth."""

    probabilities: Floats
    label: Ints

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.probabilities.argmax(axis=1) == self.label)

    @property
    def accuracy(self) -> float:
        return float(self.right.mean())

    @property
    def macro_f1(self) -> float:
        guessed = self.probabilities.argmax(axis=1)
        hits = Counter(guessed[self.right].tolist())
        sizes = Counter(guessed.tolist()) + Counter(self.label.tolist())
        return sum(2 * hits[label] / sizes[label] for label in sizes) / len(sizes)

    def top(self, many: int) -> float:
        """How often the class is among so many likeliest ones."""
        likeliest = np.argsort(-self.probabilities, axis=1, kind="stable")[:, :many]
        return float((likeliest == self.label[:, None]).any(axis=1).mean())

    def at_coverage(self, share: float) -> float:
        """Accuracy on the surest such share of the messages."""
        surest = np.argsort(-self.probabilities.max(axis=1), kind="stable")
        return float(self.right[surest[: round(share * len(surest))]].mean())

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over ten equally wide bins of the best probability."""
        best = self.probabilities.max(axis=1)
        bins = np.minimum((best * 10).astype(int), 9)
        gaps = [
            abs(self.right[bins == bucket].mean() - best[bins == bucket].mean())
            * (bins == bucket).mean()
            for bucket in np.unique(bins)
        ]
        return float(sum(gaps))


def _read(name: str, file: str, columns: tuple[str, str, str], at_least: int = 1) -> Messages:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    title, body, label = columns
    often = Counter(row[label] for row in rows)
    kept = [row for row in rows if often[row[label]] >= at_least]
    return Messages(
        name,
        tuple(row[title] for row in kept),
        tuple(row[body] for row in kept),
        tuple(row[label] for row in kept),
    )
