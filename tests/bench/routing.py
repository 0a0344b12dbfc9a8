"""What routing a short message costs, beside the fuzzy scan of a lexicon that it replaces."""

from collections.abc import Callable, Sequence
from time import perf_counter

from rapidfuzz import fuzz, process

from bot.core.classifier.cold_start import first_day, lexicon
from bot.core.classifier.features import plain
from bot.core.reading import fold
from bot.taxonomy import check_set, park

_TIMES = 20
_FUZZY = 200
_SINGLES = 1_000


def run() -> list[tuple[str, str, str]]:
    """Rows for the benchmark's table: what, value, ratio to the fuzzy scan."""
    router, words = first_day(park()), lexicon(park()).words
    texts = [sample.text for sample in check_set(park())]
    many = texts * _TIMES

    def fuzzy(some: Sequence[str]) -> None:
        for text in some:
            process.extractOne(fold(text), words, scorer=fuzz.partial_ratio)

    def rank(some: Sequence[str]) -> None:
        router.model.probabilities([plain(text) for text in some])

    def one_by_one(some: Sequence[str]) -> None:
        for text in some:
            router.route(text, why=False)

    base = _a_second(fuzzy, texts[:_FUZZY])
    found = (
        ("rank only, in batches", _a_second(rank, many)),
        (
            "route with second matter and verdict",
            _a_second(lambda some: router.routes(some, why=False), many),
        ),
        ("route with the words that decided", _a_second(router.routes, many)),
        ("route one by one", _a_second(one_by_one, many[:_SINGLES])),
    )
    rows = [(f"routing: {what}", f"{speed:,.0f}/s", f"{speed / base:.0f}") for what, speed in found]
    return [*rows, (f"routing: extractOne over {len(words):,} words", f"{base:,.0f}/s", "1")]


def _a_second(work: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """Texts done in a second of one core; the first, warming call does not count."""
    work(texts[:32])
    began = perf_counter()
    work(texts)
    return len(texts) / (perf_counter() - began)
