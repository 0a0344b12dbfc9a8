"""Which category a message belongs to, how sure that is, and the words that decided."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bot.core.categories import Taxonomy
from bot.core.features import plain
from bot.core.grams import Floats
from bot.core.lexicon import Lexicon
from bot.core.model import Model, Sample, fit, learned
from bot.core.reasons import Word, deciding
from bot.core.training import Progress

_SURE = 0.6
_CLEAR = 0.3
_NOTHING = 0.2
_ALSO = 0.6
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

    `ranked` holds every category, the likeliest first; `words` those that decided for the first,
    the weightiest first; `margin` is how much likelier the first is than the next. `urgent` are
    the urgent words found; `second` is the id of another matter named in the same message, or
    empty.
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

    def route(self, text: str) -> Route:
        """Where one message belongs, in the words a person wrote."""
        return self.routes([text])[0]

    def routes(self, texts: Sequence[str]) -> list[Route]:
        """Where each of many messages belongs; much cheaper than one by one."""
        read = [plain(text) for text in texts]
        return [
            self._route(text, line)
            for text, line in zip(read, self.model.probabilities(read), strict=True)
        ]

    def learned(self, text: str, category: str) -> "Router":
        """The router after a person said that this text belongs to this category (an id)."""
        return replace(self, model=learned(self.model, text, category))

    def _route(self, text: str, line: Floats) -> Route:
        order = np.argsort(-line, kind="stable")
        ranked = tuple(Guess(self.model.labels[place], float(line[place])) for place in order)
        margin = ranked[0].probability - (ranked[1].probability if len(ranked) > 1 else 0.0)
        return Route(
            verdict=self._verdict(text, ranked[0], margin),
            ranked=ranked,
            words=deciding(self.model, text, int(order[0])),
            margin=margin,
            urgent=tuple(word for word in self.taxonomy.urgent if word in text),
            second=self._second(text, ranked[0].category),
        )

    def _verdict(self, text: str, best: Guess, margin: float) -> Verdict:
        if not text or best.category == self.taxonomy.fallback or best.probability < _NOTHING:
            return Verdict.NONE
        sure = best.probability >= _SURE and margin >= _CLEAR
        return Verdict.SURE if sure else Verdict.UNSURE

    def _second(self, text: str, first: str) -> str:
        """Another matter, where a clause of its own speaks for it clearly."""
        clauses = [one for one in _CLAUSE.split(text) if len(one) >= _CLAUSE_LENGTH]
        if len(clauses) < 2:
            return ""
        lines = self.model.probabilities(clauses)
        best = sorted(zip(lines.max(1), lines.argmax(1), strict=True), reverse=True)
        others = (
            self.model.labels[place]
            for chance, place in best
            if chance >= _ALSO and self.model.labels[place] not in {first, self.taxonomy.fallback}
        )
        return next(others, "")


def cold_start(
    taxonomy: Taxonomy,
    corrections: Iterable[tuple[str, str]] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> Router:
    """A router from the taxonomy's own words and sentences and what people corrected so far.

    `corrections` are texts with the ids of their categories; one whose category the taxonomy no
    longer has is left out.
    """
    ids = taxonomy.ids
    corrected = [one for one in corrections if one[1] in ids]
    samples = [*_written(taxonomy)]
    samples += [
        Sample(text, label, len(samples) + place) for place, (text, label) in enumerate(corrected)
    ]
    return Router(taxonomy, fit(samples, ids, _lexicon(taxonomy), seed, progress))


def _written(taxonomy: Taxonomy) -> Iterable[Sample]:
    told = [
        (text, one.id, spoken)
        for one in taxonomy.categories
        for texts, spoken in ((one.examples, True), ((one.name, *one.keywords), False))
        for text in texts
    ]
    return [Sample(text, label, at, spoken) for at, (text, label, spoken) in enumerate(told)]


def _lexicon(taxonomy: Taxonomy) -> Lexicon:
    owned = [
        (word, place) for place, one in enumerate(taxonomy.categories) for word in one.keywords
    ]
    return Lexicon(tuple(word for word, _ in owned), tuple(place for _, place in owned))
