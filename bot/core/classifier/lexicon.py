"""The words that show a category, found exactly, by ear, or nearly."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz, process

from bot.core.classifier.sound import sound

_NEARLY = 75.0  # one wrong character in four, which is the shortest word worth a near match
_SHORTEST = 4
_MOST = 3


class Match(StrEnum):
    """How a word was found."""

    EXACT = "exact"
    SOUND = "sound"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the lexicon in a text: `owner` is the place of its category, `start` and `end`
    are characters of the plain text."""

    word: str
    owner: int
    start: int
    end: int
    match: Match


@dataclass(frozen=True)
class Lexicon:
    """Folded, lower-case words and, in parallel, the place of the category each belongs to."""

    words: tuple[str, ...] = ()
    owners: tuple[int, ...] = ()
    _written: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _heard: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _owner: dict[str, int] = field(init=False, repr=False, compare=False)
    _spelt: dict[str, str] = field(init=False, repr=False, compare=False)
    _long: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spelt = {sound(word): word for word in self.words if len(word) > 1}
        made = {
            "_owner": dict(zip(self.words, self.owners, strict=True)),
            "_spelt": spelt,
            "_written": _by_start(self.words),
            "_heard": _by_start(tuple(spelt)),
            "_long": tuple(word for word in self.words if len(word) >= _SHORTEST),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def words_in(self, text: str) -> list[Hit]:
        """The words that stand in a plain text, the longest first at each place, no overlaps."""
        return list(self._exact(text))

    def guesses(self, text: str) -> list[Hit]:
        """The words that a plain text probably means although they are written otherwise.

        Only where no word stands there exactly are words that sound alike looked for, and only
        where there is none of those either, words that are nearly there.
        """
        if not self.words or next(self._exact(text), None):
            return []
        return list(self._by_ear(text)) or list(self._near(text))

    def _exact(self, text: str) -> Iterator[Hit]:
        for start, word in _scan(text, self._written):
            yield self._hit(word, start, start + len(word), Match.EXACT)

    def _by_ear(self, text: str) -> Iterator[Hit]:
        for start, heard in _scan(sound(text), self._heard):
            word = self._spelt[heard]
            yield self._hit(word, start, start + len(word), Match.SOUND)

    def _near(self, text: str) -> Iterator[Hit]:
        if len(text) < _SHORTEST:
            return
        close = process.extract(
            text, self._long, scorer=fuzz.partial_ratio, score_cutoff=_NEARLY, limit=_MOST
        )
        for word, _, _ in close:
            found = fuzz.partial_ratio_alignment(text, word)
            if found:
                yield self._hit(word, found.src_start, found.src_end, Match.NEAR)

    def _hit(self, word: str, start: int, end: int, match: Match) -> Hit:
        return Hit(word, self._owner[word], start, end, match)


def _by_start(words: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The words under their first two characters, the longest first."""
    starts: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        starts.setdefault(word[:2], []).append(word)
    return {start: tuple(found) for start, found in starts.items()}


def _scan(text: str, starts: dict[str, tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    place = 0
    while place < len(text):
        word = _longest(text, place, starts)
        if word:
            yield place, word
        place += len(word) or 1


def _longest(text: str, place: int, starts: dict[str, tuple[str, ...]]) -> str:
    for word in starts.get(text[place : place + 2], ()):
        if text.startswith(word, place):
            return word
    return text[place] if text[place] in starts else ""
