"""Remembers the entries of the chain."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from bot.core.chain.entries import Kind
from storage.tables.chain import entries

BITE = 2000
"""Rows read at once."""


@dataclass(frozen=True)
class Entry:
    """One entry as it is kept; see the table."""

    seq: int
    kind: Kind
    ref: int
    salt: bytes | None
    facts: bytes
    words: bytes
    leaf: bytes


def count(db: Connection) -> int:
    """How many entries there are; the last one's number."""
    return db.execute(select(func.max(entries.c.seq))).scalar() or 0


def last_ref(db: Connection, kind: Kind) -> int:
    """The id of the last event of a kind that is chained, 0 before the first."""
    return db.execute(select(func.max(entries.c.ref)).where(entries.c.kind == kind)).scalar() or 0


def add(db: Connection, new: Sequence[Entry]) -> None:
    """Append them."""
    if new:
        db.execute(insert(entries), [vars(entry) for entry in new])


def everything(db: Connection) -> Iterator[Entry]:
    """All of them, in their order."""
    rows = select(entries).order_by(entries.c.seq).execution_options(yield_per=BITE)
    return (Entry(**row._mapping) for row in db.execute(rows))


def read_kind(db: Connection, kind: Kind) -> Iterator[Entry]:
    """The entries of a kind, in their order."""
    after = 0
    while True:
        rows = select(entries).where(entries.c.kind == kind, entries.c.seq > after)
        found = [
            Entry(**row._mapping) for row in db.execute(rows.order_by(entries.c.seq).limit(BITE))
        ]
        yield from found
        if len(found) < BITE:
            return
        after = found[-1].seq


def latest_of(db: Connection, kind: Kind, refs: Collection[int]) -> dict[int, Entry]:
    """The last entry about each of these that has one."""
    newest = (
        select(func.max(entries.c.seq))
        .where(entries.c.kind == kind, entries.c.ref.in_(refs))
        .group_by(entries.c.ref)
    )
    rows = db.execute(select(entries).where(entries.c.seq.in_(newest))) if refs else ()
    return {row.ref: Entry(**row._mapping) for row in rows}


def refs_of(db: Connection, kind: Kind) -> set[int]:
    """What there are entries about."""
    rows = select(entries.c.ref).where(entries.c.kind == kind).distinct()
    return set(db.execute(rows).scalars())


def leaves(db: Connection, after: int, upto: int) -> list[bytes]:
    """The leaves of the entries after `after` up to `upto`."""
    rows = select(entries.c.leaf).where(entries.c.seq > after, entries.c.seq <= upto)
    return [row.leaf for row in db.execute(rows.order_by(entries.c.seq))]


def of_event(db: Connection, kind: Kind, ref: int) -> Entry | None:
    """The entry of something that happened once, or None while it is not chained."""
    row = db.execute(select(entries).where(entries.c.kind == kind, entries.c.ref == ref)).first()
    return Entry(**row._mapping) if row else None
