"""Takes off what people wrap round what they have to say: greetings, leads-in, thanks."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.talk.patterns import compile_lines, fold_in_place

_MOST = 12  # shells at one end; a thousand 你好 are no reason to read on for long
_NEAR = 200  # characters at either end in which a shell may stand
_EMPTY = frozenset({"greeting", "self", "thanks"})


class Kind(StrEnum):
    """What a shell does. The values are the keys of shells.toml."""

    GREETING = "greeting"
    SELF = "self"
    LEAD_IN = "lead_in"
    THANKS = "thanks"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Shell:
    """One shell, as it was written, and where it stood in the message (characters)."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stripped:
    """`core` is the part of the message that says something, as written; it is empty only where a
    message merely greets, introduces, or thanks. `start` is its place in the message."""

    core: str
    start: int
    shells: tuple[Shell, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that were taken off, in the order of the message."""
        return tuple(shell.kind for shell in self.shells)


def strip_shells(words: str) -> Stripped:
    """The words that say something, with what was taken off either end.

    Only what greets, introduces or thanks may be all there is: of a request without anything
    else (`麻烦尽快处理`) nothing is taken off.
    """
    text = fold_in_place(words)
    start, end = 0, len(text)
    shells: list[Shell] = []
    while len(shells) < _MOST and (found := _find_before(text, start, end)):
        kind, first, last = found
        shells.append(Shell(kind, words[first:last], first, last))
        start = last
    behind: list[Shell] = []
    while len(behind) < _MOST and (found := _find_after(text, start, end)):
        kind, first, last = found
        behind.append(Shell(kind, words[first:last], first, last))
        end = first
    shells += reversed(behind)
    core, at = _trim(words, start, end)
    if not any(map(str.isalnum, core)) and not {shell.kind for shell in shells} <= _EMPTY:
        core, at = _trim(words, 0, len(words))
        return Stripped(core, at, ())
    if not any(map(str.isalnum, core)) and not shells:
        return Stripped(words.strip(), len(words) - len(words.lstrip()), ())
    return Stripped(core, at, tuple(shells))


def _trim(words: str, start: int, end: int) -> tuple[str, int]:
    """Without stops and white space round it, but for what makes it a question."""
    gaps = _gaps()
    inside = words[start:end].lstrip(gaps)
    return inside.rstrip(_ends_of_statements()), end - len(inside)


def find_title(words: str, longest: int = 40) -> str:
    """The first words that say something, on one line, at most so many characters.

    Where nothing does, the message itself.
    """
    core = strip_shells(words).core or words
    line = next((line for line in core.splitlines() if line.strip()), core)
    clauses = [match for match in _ends().finditer(line) if match.start() >= _SHORTEST_TITLE]
    first = line[: clauses[0].start()] if clauses else line
    return " ".join(first.split())[:longest]


_SHORTEST_TITLE = 6


def _find_before(text: str, start: int, end: int) -> tuple[Kind, int, int] | None:
    at = _skip_gaps(text, start, end)
    for kind, pattern in _patterns("before"):
        # Looks ahead one character, so the end must be seen as a gap too.
        found = pattern.match(text[at : at + _NEAR] + ("\n" if end - at <= _NEAR else ""))
        if found and found.end():
            return kind, at, min(at + found.end(), end)
    return None


def _find_after(text: str, start: int, end: int) -> tuple[Kind, int, int] | None:
    stop = end
    while stop > start and text[stop - 1] in _gaps():
        stop -= 1
    first = max(start, stop - _NEAR)
    piece = text[first:stop]
    for kind, pattern in _patterns("after"):
        found = pattern.search(piece)
        if found and found.start() < len(piece):
            return kind, first + found.start(), stop
    return None


def _skip_gaps(text: str, start: int, end: int) -> int:
    gaps = _gaps()
    while start < end and text[start] in gaps:
        start += 1
    return start


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(_words()['ends'])}]")


@cache
def _gaps() -> str:
    return str(_words()["gaps"])


@cache
def _ends_of_statements() -> str:
    return _gaps().translate(dict.fromkeys(map(ord, _words()["asks"])))


@cache
def _patterns(side: str) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """The patterns of one side; those of the end are anchored there."""
    found = []
    for kind, block in _words()[side].items():
        pattern = compile_lines(block)
        if pattern:
            whole = re.compile(pattern.pattern + r"\Z") if side == "after" else pattern
            found.append((Kind(kind), whole))
    return tuple(found)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
