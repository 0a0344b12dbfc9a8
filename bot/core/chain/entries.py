"""One entry of the chain: what it says, as bytes that are the same on every machine.

Words of people are in it only as a commitment, SHA-256 over a salt and the words: once words and
salt are erased nothing of them is left, and the chain is whole all the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from bot.core.chain.tree import hash_leaf

SALT = 16
"""Bytes of a salt."""


class Kind(StrEnum):
    """What an entry is about. The first three are things that happened, each once; the last three
    say how something stood when it had happened."""

    ISSUE_EVENT = "issue_event"
    SESSION_EVENT = "session_event"
    VOUCHER = "voucher"
    ISSUE = "issue"
    PROMISE = "promise"
    SESSION = "session"


HAPPENED = (Kind.ISSUE_EVENT, Kind.SESSION_EVENT, Kind.VOUCHER)
STANDS = (Kind.ISSUE, Kind.PROMISE, Kind.SESSION)


@dataclass(frozen=True)
class Record:
    """What is to be chained: `ref` is the id of the event, or of what stands so; `facts` are open,
    `words` are what people wrote."""

    kind: Kind
    ref: int
    facts: Mapping[str, Any]
    words: str


def commit(salt: bytes, words: str) -> bytes:
    """What stands in the chain for words of people."""
    return sha256(salt + words.encode("utf-8", "surrogatepass")).digest()


def hash_facts(record: Record) -> bytes:
    """What stands in the chain for what is open to everybody."""
    return sha256(canonical(record.facts)).digest()


def build_leaf(kind: Kind, ref: int, facts: bytes, words: bytes) -> bytes:
    """The leaf of an entry, whose facts and words are given by their hashes."""
    told = {"kind": kind.value, "ref": ref, "facts": facts.hex(), "words": words.hex()}
    return hash_leaf(canonical(told))


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces; moments in UTC to the microsecond."""
    whole = json.dumps(
        value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_spell
    )
    return whole.encode("ascii")


def _spell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no canonical form")
