"""What the bot knows on its first day: a router from the office's own words and sentences."""

import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from bot.core.classifier.categories import Taxonomy
from bot.core.classifier.features import plain
from bot.core.classifier.lexicon import Lexicon
from bot.core.classifier.model import Sample, fit
from bot.core.classifier.router import Router
from bot.core.classifier.sound import find_homophones
from bot.core.classifier.training import Progress

# A park has few sentences to start from, so each also teaches how it looks when mistyped.
_COPIES = 3
_SLIPS = 0.12
_WORTH_MISTYPING = 5


def cold_start(
    taxonomy: Taxonomy,
    corrections: Iterable[tuple[str, str]] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> Router:
    """A router from the taxonomy's own words and sentences and what people corrected so far.

    `corrections` are texts with the ids of their categories; one whose category the taxonomy no
    longer has is left out. The same arguments give the same bytes. Takes seconds: for start-up
    and the night, not for a message.
    """
    ids = taxonomy.ids
    samples = list(_collect_samples(taxonomy))
    known = [correction for correction in corrections if correction[1] in ids]
    samples += [Sample(text, label, len(samples) + at) for at, (text, label) in enumerate(known)]
    samples += list(_mistype_samples(samples, random.Random(seed)))  # noqa: S311 - nothing secret
    return Router(taxonomy, fit(samples, ids, lexicon(taxonomy), seed, progress))


@cache
def first_day(taxonomy: Taxonomy) -> Router:
    """The router that nobody has corrected yet, trained once in a process for each taxonomy."""
    return cold_start(taxonomy)


def lexicon(taxonomy: Taxonomy) -> Lexicon:
    """The taxonomy's keywords, each with the place of its category."""
    owned = [
        (word, place)
        for place, category in enumerate(taxonomy.categories)
        for word in category.keywords
    ]
    return Lexicon(tuple(word for word, _ in owned), tuple(place for _, place in owned))


def _collect_samples(taxonomy: Taxonomy) -> Iterator[Sample]:
    told = (
        (text, category.id, spoken)
        for category in taxonomy.categories
        for texts, spoken in (
            (category.examples, True),
            ((category.name, *category.keywords), False),
        )
        for text in texts
    )
    return (Sample(text, label, at, spoken) for at, (text, label, spoken) in enumerate(told))


def _mistype_samples(samples: list[Sample], chance: random.Random) -> Iterator[Sample]:
    texts = [plain(sample.text) for sample in samples]
    any_character = "".join(texts)
    for sample, text in zip(samples, texts, strict=True):
        for _ in range(_COPIES if len(text) >= _WORTH_MISTYPING else 0):
            slipped = _mistype_text(text, any_character, chance)
            yield Sample(slipped, sample.label, sample.origin, spoken=False)


def _mistype_text(text: str, any_character: str, chance: random.Random) -> str:
    """Some characters left out, taken for any other, or for one that sounds like it."""
    others: tuple[Callable[[str], str], ...] = (
        lambda _: "",
        lambda _: chance.choice(any_character),
        lambda one: chance.choice(find_homophones(one)),
    )
    instead = chance.choice(others)
    return "".join(char if chance.random() >= _SLIPS else instead(char) for char in text)
