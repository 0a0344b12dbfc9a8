"""What was learned about acts: the classifier's model on words, and marks beside the words."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.classifier.features import plain
from bot.core.classifier.lexicon import Lexicon
from bot.core.classifier.model import Model, Sample, correct_model, fit
from bot.core.talk.acts import Act
from bot.core.talk.example_files import EVERYONE, Section
from bot.core.talk.shells import strip_shells

# Marks are written behind the text as letters of a script that nobody here writes, each doubled
# so that it weighs like a word.
_FIRST_MARK = 0xA000
_SURPLUS = 2  # words of the lexicon from which on more say nothing new


def write_features(core: str, words: Lexicon) -> str:
    """A plain text without shells as the model learns and reads it: numbers are all alike, and
    what it shows by form stands behind it."""
    text = _digits().sub("0", core)
    found = [place for place, mark in enumerate(_marks()) if mark.search(core)]
    listed = min(len(words.words_in(core)), _SURPLUS)
    found += [len(_marks()) + listed]
    return text + " " + " ".join(chr(_FIRST_MARK + place) * 2 for place in found)


def fit_side(
    side: str, sections: Iterable[Section], matters: Sequence[str], words: Lexicon, seed: int = 0
) -> Model:
    """A model of the acts of one side (firm or staff). `matters` are sentences known to be matters,
    such as the examples of the categories."""
    told = list(_collect(side, sections, matters))
    samples = [
        Sample(write_features(core, words), act, at, spoken)
        for at, (text, act, spoken) in enumerate(told)
        if (core := read_core(text))
    ]
    return fit(samples, sorted({sample.label for sample in samples}), seed=seed)


def correct_side(model: Model, text: str, act: Act, words: Lexicon) -> Model:
    """The model after somebody said that this text is that act."""
    core = read_core(text)
    return correct_model(model, write_features(core, words), act.value) if core else model


def read_data_files() -> tuple[str, ...]:
    """The words of the files, beside the examples, on which features depend."""
    names = ("marks.toml", "shells.toml")
    return tuple(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names)


def read_core(text: str) -> str:
    """What is left of a text without shells, folded and in lower case."""
    return plain(strip_shells(text).core)


def _collect(
    side: str, sections: Iterable[Section], matters: Sequence[str]
) -> Iterator[tuple[str, str, bool]]:
    for section in sections:
        if section.side in {EVERYONE, side}:
            yield from ((text, section.act.value, True) for text in section.examples)
            yield from ((text, section.act.value, False) for text in section.exact)
    yield from ((text, Act.MATTER.value, False) for text in matters)


@cache
def _digits() -> re.Pattern[str]:
    return re.compile(str(_words()["digits"]))


@cache
def _marks() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(mark) for mark in _words()["marks"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("marks.toml").read_text(encoding="utf-8"))
