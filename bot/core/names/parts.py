"""Takes the name of a firm apart: where, who, and in what legal form."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.core.reading import fold

_SHORTEST_CORE = 2


class _Words:
    """Words looked for at the beginning or the end of a name, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths = sorted({len(word) for word in self._words}, reverse=True)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def before(self, text: str) -> str:
        """The longest word that `text` begins with, or nothing."""
        return next((text[:n] for n in self._lengths if text[:n] in self._words), "")

    def after(self, text: str) -> str:
        """The longest word that `text` ends with, or nothing."""
        return next((text[-n:] for n in self._lengths if text[-n:] in self._words), "")

    def make_up(self, text: str) -> bool:
        """Whether `text` is nothing but these words, one after another."""
        reached = {0}
        for end in range(1, len(text) + 1):
            if any(
                end - n in reached and text[end - n : end] in self._words for n in self._lengths
            ):
                reached.add(end)
        return len(text) in reached


LISTS = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_COMPLETE = _Words(LISTS["complete"].split())
_LOOSE = _Words(LISTS["loose"].split())
_ENDINGS = _Words((*_COMPLETE, *_LOOSE, *LISTS["filler"].split()))
_TRADE = _Words(LISTS["trade"].split())
_PLACES = _Words(
    place
    for kind in ("provinces", "cities", "county_cities", "near")
    for place in LISTS[kind].split()
)
_PLACE_AFTER = _Words(LISTS["place_after"].split())
_MARK_BEFORE = _Words(LISTS["mark_before"])
_MARK_AFTER = _Words(LISTS["mark_after"])


@dataclass(frozen=True, slots=True)
class NameParts:
    """The name of a firm as it is compared.

    `key` is the whole name folded, in lower case, without punctuation; `said` the same without
    what an exchange prints round it; `stem` what is left without the legal form; `core` without
    places either. `places` are those it named, without their last word (省, 市, 县 …); `loose` the
    words that people leave out or put in (集团 …); `complete` says that the name ended as a
    registered name does.
    """

    key: str
    said: str
    stem: str
    core: str
    places: frozenset[str]
    loose: frozenset[str]
    complete: bool


def split(name: str) -> NameParts:
    """The parts of `name`; a core of fewer than two characters is never made by taking away."""
    folded = fold(name).casefold()
    said = _without_marks(folded)
    places: set[str] = set()
    endings: set[str] = set()
    stem = _without_endings(plain(_without_brackets(said, places, endings)), endings)
    core = _without_endings(_without_places(stem, places), endings)
    return NameParts(
        key=plain(folded),
        said=plain(said),
        stem=stem,
        core=core,
        places=frozenset(places),
        loose=frozenset(word for word in _LOOSE for ending in endings if word in ending),
        complete=any(ending in _COMPLETE for ending in endings),
    )


def plain(text: str) -> str:
    """`text` without white space and punctuation."""
    return re.sub(r"[\W_]+", "", text)


def is_no_name(text: str) -> bool:
    """Whether `text` is a single word of trade or legal form (公司, 科技): nobody's name."""
    return text in _TRADE or text in _ENDINGS


def says_little(core: str) -> bool:
    """Whether `core` is made of nothing but words of trade (科技, 电子 …)."""
    return _TRADE.make_up(core)


def _without_marks(name: str) -> str:
    rest = name[len(_MARK_BEFORE.before(name)) :]
    # A mark stands next to a Chinese name; "stone" and "a" are names of their own.
    name = name if rest[:1].isascii() else rest
    rest = name[: len(name) - len(_MARK_AFTER.after(name))]
    return name if rest[-1:].isascii() else rest


def _without_brackets(name: str, places: set[str], endings: set[str]) -> str:
    def replace_bracket(found: re.Match[str]) -> str:
        inside = found[1].strip()
        place = _place(inside)
        if place and len(place) == len(inside):
            places.add(_get_place_name(place))
            return ""
        if inside in _ENDINGS:
            endings.add(inside)
            return ""
        return inside

    return re.sub(r"\(([^()]*)\)", replace_bracket, name)


def _without_endings(name: str, endings: set[str]) -> str:
    while ending := _ENDINGS.after(name):
        if len(name) - len(ending) < _SHORTEST_CORE:
            break
        endings.add(ending)
        name = name[: -len(ending)]
    return name


def _without_places(name: str, places: set[str]) -> str:
    while place := _place(name):
        rest = name[len(place) :]
        # 永安电子: what would be left says nothing, so the place is the name.
        if len(rest) < _SHORTEST_CORE or says_little(rest):
            break
        places.add(_get_place_name(place))
        name = rest
    return name


def _place(text: str) -> str:
    """The place with its last word that `text` begins with, or nothing."""
    name = _PLACES.before(text)
    return name + _PLACE_AFTER.before(text[len(name) :]) if name else ""


def _get_place_name(place: str) -> str:
    return _PLACES.before(place)
