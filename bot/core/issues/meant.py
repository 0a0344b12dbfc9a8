"""Which of somebody's open issues they speak of, by the words they use for it."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.core.reading import fold


def find_meant(words: str, texts: Mapping[int, str]) -> int | None:
    """The id of the issue whose words `words` come back to, None where none or several do.

    What stands in every text (all of them about 宿舍) tells nothing and does not count.
    """
    said = _pairs(words)
    shared = {issue: said & _pairs(text) for issue, text in texts.items()}
    if len(shared) > 1:
        everywhere = frozenset.intersection(*shared.values())
        shared = {issue: pairs - everywhere for issue, pairs in shared.items()}
    ranked = sorted(shared, key=lambda issue: len(shared[issue]), reverse=True)
    if not ranked or not shared[ranked[0]]:
        return None
    if len(ranked) > 1 and len(shared[ranked[0]]) == len(shared[ranked[1]]):
        return None
    return ranked[0]


def share_words(words: str, text: str) -> bool:
    """Whether two texts have anything in common that tells of a thing or a place: two neighbouring
    Chinese characters, or an English word that is not of every complaint."""
    return not _name_things(words).isdisjoint(_name_things(text))


def share_things(words: str, text: str) -> bool:
    """As `share_words`, but what stands in every complaint (我们, 没有) does not count."""
    everywhere = _words_of_every_complaint()
    return share_words(everywhere.sub(" ", fold(words)), everywhere.sub(" ", fold(text)))


def begins_another(words: str) -> bool:
    """Whether somebody says that something else comes now: 另外, 还有件事."""
    return re.search(_read_words()["another"], fold(words).lstrip()) is not None


@cache
def _words_of_every_complaint() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _read_words()["everywhere"].split())))


@cache
def _read_words() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _name_things(text: str) -> frozenset[str]:
    latin = {word for word in _LATIN.findall(fold(text).lower()) if not _EVERYWHERE.fullmatch(word)}
    return frozenset(latin | {pair for pair in _pairs(text) if not pair.isascii()})


_LATIN = re.compile(r"[a-z]{3,}")
_EVERYWHERE = re.compile(
    "the|our|are|was|not|and|for|has|have|been|there|this|that|with|from|does|can|cannot|you|your|"
    "please|hello|help|need|broken|working|work|out|any|building|floor|room|workshop"
)


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring characters within one run of letters."""
    plain = fold(text).lower()
    pairs = (plain[at : at + 2] for at in range(len(plain) - 1))
    return frozenset(pair for pair in pairs if pair.isalnum())
