"""Which category a message belongs to, how sure that is, and the words that decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bot.core.classifier.categories import Taxonomy
from bot.core.classifier.features import plain
from bot.core.classifier.grams import Floats
from bot.core.classifier.model import Model, correct_model
from bot.core.classifier.reasons import Word, find_deciding_words

_RANKED = 5
_SURE = 0.6
_CLEAR = 0.3
_NOTHING = 0.2
_ALSO = 0.95  # a clause alone is a short text, and short texts are easily too sure
_CLAUSE = re.compile(r"[,;!?。、\s]+")
_CLAUSE_LENGTH = 4


class Verdict(StrEnum):
    """What to do with a route: take it, ask the liaison, or hand it to the duty desk."""

    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Guess:
    """A category, by id, and how probable it is (0 to 1)."""

    category: str
    probability: float


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message belongs.

    `ranked` holds the five likeliest categories, the likeliest first; `words` those that decided
    for the first, the weightiest first; `margin` is how much likelier the first is than the next.
    `urgent` are the urgent words found; `second` is the id of another matter named in the same
    message, or empty.
    """

    verdict: Verdict
    ranked: tuple[Guess, ...]
    words: tuple[Word, ...]
    margin: float
    urgent: tuple[str, ...]
    second: str

    @property
    def best(self) -> str:
        """The likeliest category's id."""
        return self.ranked[0].category


@dataclass(frozen=True)
class Router:
    """A park's categories and what has been learned about them. A value: learning makes another."""

    taxonomy: Taxonomy
    model: Model

    def route(self, text: str, why: bool = True) -> Route:
        """Where one message belongs, in the words a person wrote."""
        return self.routes([text], why)[0]

    def routes(self, texts: Sequence[str], why: bool = True) -> list[Route]:
        """Where each of many messages belongs; much cheaper than one by one.

        Without `why` the words that decided are not looked for, which saves half the time.
        """
        read, lines = self._read_texts([plain(text) for text in texts])
        order = np.argsort(-lines, axis=1, kind="stable")[:, :_RANKED]
        first = order[:, 0].tolist()
        words = find_deciding_words(self.model, read, first) if why else [()] * len(read)
        second = self._second(read, first)
        return [
            self._route(*each)
            for each in zip(read, lines.tolist(), order.tolist(), words, second, strict=True)
        ]

    def _read_texts(self, texts: list[str]) -> tuple[list[str], Floats]:
        """The texts and their probabilities; where those say nothing, the listed words that a
        text probably means are read as if they stood behind it."""
        lines = self.model.probabilities(texts)
        lost = np.flatnonzero(lines.max(axis=1, initial=0) < _NOTHING).tolist()
        if lost:
            for place in lost:
                guessed = self.model.lexicon.guesses(texts[place])
                texts[place] = " ".join((texts[place], *(hit.word for hit in guessed)))
            lines[lost] = self.model.probabilities([texts[place] for place in lost])
        return texts, lines

    def learn_correction(self, text: str, category: str) -> "Router":
        """The router after a person said that this text belongs to this category (an id)."""
        return replace(self, model=correct_model(self.model, text, category))

    def _route(
        self, text: str, line: list[float], order: list[int], words: tuple[Word, ...], second: str
    ) -> Route:
        ranked = tuple(Guess(self.model.labels[place], line[place]) for place in order)
        margin = ranked[0].probability - (ranked[1].probability if len(ranked) > 1 else 0.0)
        urgent = tuple(word for word in self.taxonomy.urgent if word in text)
        verdict = self._verdict(text, ranked[0], margin)
        return Route(verdict, ranked, words, margin, urgent, second)

    def _verdict(self, text: str, best: Guess, margin: float) -> Verdict:
        if not text or best.category == self.taxonomy.fallback or best.probability < _NOTHING:
            return Verdict.NONE
        sure = best.probability >= _SURE and margin >= _CLEAR
        return Verdict.SURE if sure else Verdict.UNSURE

    def _second(self, texts: Sequence[str], first: Sequence[int]) -> list[str]:
        """For each text the other matter in it, where a clause of its own clearly names one."""
        clauses = [(place, clause) for place, text in enumerate(texts) for clause in _clauses(text)]
        lines = self.model.probabilities([clause for _, clause in clauses])
        second, chances = [""] * len(texts), [_ALSO] * len(texts)
        for (place, _), best, chance in zip(clauses, lines.argmax(1), lines.max(1), strict=True):
            label = self.model.labels[best]
            if chance > chances[place] and best != first[place] and label != self.taxonomy.fallback:
                second[place], chances[place] = label, float(chance)
        return second


def _clauses(text: str) -> list[str]:
    """The parts of a plain text that may each name a matter, where there are several."""
    parts = [part for part in _CLAUSE.split(text) if len(part) >= _CLAUSE_LENGTH]
    return parts if len(parts) > 1 else []
