"""Reads what people answer to an invitation: they come, who else, why not, or a question."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.core.reading import fold
from bot.core.talk.patterns import compile_lines

_LONGEST = 60
"""Characters; at more length people tell something else as well."""
_MOST_CLAUSES = 8


class ReplyKind(StrEnum):
    """What somebody answers to whether they come."""

    COMES = "comes"
    AWAY = "away"
    DEPUTY = "deputy"
    """Somebody else comes in their place."""
    ASKS = "asks"
    """When, where, what to bring."""
    UNSURE = "unsure"
    """好的: they have read it, no more."""


@dataclass(frozen=True)
class Attendance:
    """An answer as it was understood. `rest` are their words that say more than the answer itself,
    as written: who comes, how many, why not."""

    answer: ReplyKind
    rest: str = ""


class _Part(StrEnum):
    ACK = "ack"
    SURE = "sure"
    COMES = "comes"
    AWAY = "away"
    DEPUTY = "deputy"
    ASKS = "asks"
    REASON = "reason"
    OTHER = "other"


def read_attendance(words: str) -> Attendance | None:
    """What the words answer to an invitation; None where they are, even in part, about something
    else. Every clause must be of the kind that people write then: 工人来不了 is no answer."""
    clauses = _split(words)
    if not clauses or len(fold(words)) > _LONGEST or len(clauses) > _MOST_CLAUSES:
        return None
    parts = [(_read_clause(clause), clause) for clause in clauses]
    found = {part for part, _ in parts}
    if _Part.OTHER in found and not found & {_Part.AWAY, _Part.DEPUTY}:
        return None
    if any(_lines("beyond").search(_fold(clause)) for clause in clauses):
        return None
    return _weigh(found, parts)


def names_stand_in(words: str) -> bool:
    """Whether the words say beyond doubt that somebody comes instead: they stay away themselves, or
    it is said that the other replaces them (小张替我去)."""
    clauses = _split(words)
    away = any(_read_clause(clause) is _Part.AWAY for clause in clauses)
    return away or any(_lines("instead").search(_fold(clause)) for clause in clauses)


def read_excuse(words: str) -> Attendance:
    """The words behind 来不了: why, and who comes instead; whatever else they are, a reason."""
    parts = [(_read_clause(clause), clause) for clause in _split(words)]
    deputy = any(part is _Part.DEPUTY for part, _ in parts)
    return Attendance(ReplyKind.DEPUTY if deputy else ReplyKind.AWAY, words.strip())


def _weigh(found: set[_Part], parts: list[tuple[_Part, str]]) -> Attendance | None:
    joint = str(_words()["joint"])
    more = {_Part.REASON, _Part.OTHER, _Part.DEPUTY}
    rest = joint.join(clause for part, clause in parts if part in more)
    if _Part.DEPUTY in found:
        return Attendance(ReplyKind.DEPUTY, rest)
    if _Part.AWAY in found:
        excuse = rest or joint.join(clause for part, clause in parts if part is _Part.AWAY)
        return Attendance(ReplyKind.AWAY, excuse)
    if _Part.COMES in found and _Part.REASON not in found:
        counted = (clause for part, clause in parts if part is _Part.COMES and _has_count(clause))
        return Attendance(ReplyKind.COMES, joint.join(counted))
    if _Part.ASKS in found and _Part.REASON not in found:
        return Attendance(ReplyKind.ASKS)
    if found == {_Part.REASON}:
        return None
    sure = _Part.SURE in found and _Part.REASON not in found
    return Attendance(ReplyKind.COMES if sure else ReplyKind.UNSURE)


def _split(words: str) -> list[str]:
    pieces = re.split(str(_words()["stops"]), words.strip())
    return [piece for piece in pieces if any(map(str.isalnum, piece))]


def _read_clause(clause: str) -> _Part:
    text = _fold(clause)
    for part in (_Part.ACK, _Part.SURE):
        if _whole(part).fullmatch(text):
            return part
    deputy = _whole(_Part.DEPUTY).fullmatch(text)
    if deputy and not _lines("nobody").fullmatch(_find_who(deputy)):
        return _Part.DEPUTY
    for part in (_Part.AWAY, _Part.COMES, _Part.ASKS):
        if _whole(part).fullmatch(text):
            return part
    return _Part.REASON if _reason().fullmatch(text) else _Part.OTHER


def _find_who(match: re.Match[str]) -> str:
    return next(value for name, value in match.groupdict().items() if value)


def _has_count(clause: str) -> bool:
    return re.search(str(_words()["count"]), _fold(clause)) is not None


def _fold(clause: str) -> str:
    return fold(clause).replace(" ", "").lower()


@cache
def _whole(part: _Part) -> re.Pattern[str]:
    """The clauses of one kind with what may stand round them."""
    lead, tail = _lines("lead").pattern, _lines("tail").pattern
    lead = f"(?:{lead}|{_lines('ack').pattern})" if part is not _Part.ACK else lead
    head = "" if part is _Part.ACK else f"(?:{lead})*"
    return re.compile(f"{head}{_lines(part.value).pattern}(?:{tail})*")


@cache
def _reason() -> re.Pattern[str]:
    return re.compile(f"(?:{_lines('lead').pattern})+(?:{_lines('tail').pattern})*")


@cache
def _lines(name: str) -> re.Pattern[str]:
    words = _words()
    block = str(words[name]).replace("{count}", words["count"]).replace("{name}", words["name"])
    # A name may stand once only in an expression: each line gets its own.
    lines = (
        re.sub(r"\(\?P<(\w+)>", rf"(?P<\g<1>{place}>", line)
        for place, line in enumerate(block.splitlines())
    )
    found = compile_lines("\n".join(lines))
    assert found is not None, "the file is not empty"
    return found


@cache
def _words() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
