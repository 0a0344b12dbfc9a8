"""Cuts the pieces out of a sentence that may be the name of a firm."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.core.names.exact_forms import NameRegister
from bot.core.names.parts import LISTS, says_little, split
from bot.core.reading import fold

_READ = 2_000  # characters of a message that are looked through
_CLAUSES = 40
_FIRST_CLAUSES = 6  # people say who they are at once; looking for names written wrongly is dear
_LONGEST = 20  # characters of an opening that can still be a name
_SHORTEST = 3  # two characters in the middle of a sentence are a word more often than a firm


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


_FORM = _any(" ".join(LISTS[kind] for kind in ("complete", "loose", "filler")).split())
_BEFORE = re.compile(_any(LISTS["mention"]["before"].split()))
_OPENING = re.compile(_any(LISTS["mention"]["opening"].split()))
_AFTER = re.compile(_any(LISTS["mention"]["after"].split()))
_PLACE = re.compile("|".join(LISTS["place_named_so"].split()))
_REST_OF_NAME = re.compile(f"(?:{_any(LISTS['trade'].split())}*{_FORM})+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that may name a firm.

    `exact`: a known name stands there; `introduced`: the sentence says that a firm is named there,
    by a word such as 我是 before it, or because it opens a clause and nothing else fits.
    """

    text: str
    exact: bool
    introduced: bool


def exact_names(text: str, known: NameRegister) -> Iterator[str]:
    """The known names that stand in `text` (2,000 characters), in folded form, without what is
    more often an ordinary word or a place that is called so too (恒宇大道)."""
    for clause in _split_clauses(text):
        for start, end in known.find_forms(clause):
            piece = Piece(clause[start:end], True, _is_introduced(clause, start, end))
            if _tells(piece, known) and not _PLACE.match(clause, end):
                yield piece.text


def pieces(text: str, known: NameRegister) -> Iterator[Piece]:
    """What in the beginning of `text` (2,000 characters) may be a firm, in the order it stands."""
    clauses = _split_clauses(text)
    for at, clause in enumerate(map(_without_opening, clauses[:_CLAUSES])):
        exact = [piece for piece in _exact(clause, known) if _tells(piece, known)]
        yield from exact or _likely(clause) if at < _FIRST_CLAUSES else exact


def _split_clauses(text: str) -> list[str]:
    # Brackets do not divide: names have them.
    joined = re.sub(r"[()]", "", fold(text[:_READ]).casefold())
    return list(filter(None, re.split(r"[\W_]+", joined)))


def _without_opening(clause: str) -> str:
    # 我是 introduces a name: 我 is part of it.
    while not _BEFORE.match(clause) and (found := _OPENING.match(clause)):
        clause = clause[found.end() :]
    return clause


def _tells(piece: Piece, known: NameRegister) -> bool:
    """Whether it is more than an ordinary word that is also the name of some firm."""
    if piece.introduced or known.is_alias(piece.text):
        return True
    core = split(piece.text).core
    return not says_little(core) and (len(core) > _SHORTEST or core != piece.text)


def _exact(clause: str, known: NameRegister) -> Iterator[Piece]:
    for start, end in known.find_forms(clause):
        rest = _REST_OF_NAME.match(clause, end, end + _LONGEST)
        end_of_name = rest.end() if rest else end
        yield Piece(clause[start:end_of_name], True, _is_introduced(clause, start, end_of_name))


def _is_introduced(clause: str, start: int, end: int) -> bool:
    ends_there = end == len(clause) or bool(_AFTER.match(clause, end))
    long = end - start > _SHORTEST
    if start:
        cued = any(found.end() == start for found in _BEFORE.finditer(clause, 0, start))
        return cued and (long or ends_there)
    return long and ends_there


def _likely(clause: str) -> Iterator[Piece]:
    found = _BEFORE.search(clause)
    name = _up_to_end_of_name(clause[found.end() if found else 0 :])
    if _SHORTEST <= len(name) <= _LONGEST and not says_little(split(name).core):
        yield Piece(name, False, bool(found))


def _up_to_end_of_name(rest: str) -> str:
    # From the third character on: 美的 is a name.
    found = _AFTER.search(rest, 2)
    return rest[: found.start()] if found else rest
