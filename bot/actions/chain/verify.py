"""Checks the chain against all that it stands for: nothing changed, taken out or put in since."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from bot.core.chain.entries import HAPPENED, STANDS, Kind, Record, build_leaf, commit, hash_facts
from bot.core.chain.tree import START, hash_root, hash_tree
from bot.core.chain.vouchers import build_code, encode
from storage.chain import entries, roots, sources, vouchers
from storage.chain.entries import Entry

BITE = 2000


class Damage(StrEnum):
    """What is wrong at one place."""

    CHANGED = "changed"  # the row says something else than it said when it was chained
    GONE = "gone"  # the row is not there any more
    PUT_IN = "put_in"  # a row that is older than chained ones and was never chained
    GAP = "gap"  # an entry of the chain is missing
    ROOT = "root"  # a root does not follow from its entries
    OTHER_ROOT = "other_root"  # a root that was printed is not one of the chain


@dataclass(frozen=True)
class Finding:
    """One fault, and where: the kind and id of a row, or the number of an entry or a root."""

    damage: Damage
    kind: str
    ref: int | str


def verify(db: Connection, printed: Collection[str] = ()) -> Iterator[Finding]:
    """Everything that does not agree. `printed` are codes of roots as people hold them, without
    hyphens: only against these can somebody be found out who wrote the whole chain anew."""
    yield from _check_entries(db)
    yield from _check_roots(db, printed)
    for kind in HAPPENED:
        yield from _check_happened(db, kind)
    moving = _find_moving(db)
    for kind in STANDS:
        yield from _check_standing(db, kind, moving.get(kind, set()))
    yield from _check_codes(db)


def _check_entries(db: Connection) -> Iterator[Finding]:
    for expected, entry in enumerate(entries.everything(db), 1):
        if entry.seq != expected:
            yield Finding(Damage.GAP, "entry", expected)
            return
        if build_leaf(entry.kind, entry.ref, entry.facts, entry.words) != entry.leaf:
            yield Finding(Damage.CHANGED, "entry", entry.seq)


def _check_roots(db: Connection, printed: Collection[str]) -> Iterator[Finding]:
    before, first, known = START, 0, set()
    for number, root in enumerate(roots.everything(db), 1):
        tree = hash_tree(entries.leaves(db, first, root.size))
        right = hash_root(before, tree, root.size)
        if (root.number, root.tree, root.root) != (number, tree, right):
            yield Finding(Damage.ROOT, "root", root.number)
        known.add(encode(right))
        before, first = right, root.size
    for code in printed:
        if code not in known:
            yield Finding(Damage.OTHER_ROOT, "root", code)


def _check_happened(db: Connection, kind: Kind) -> Iterator[Finding]:
    """Entries and rows are both in the order of ids: they are walked side by side."""
    rows = _read_all(db, kind)
    row = next(rows, None)
    for entry in entries.read_kind(db, kind):
        while row is not None and row.ref < entry.ref:
            yield Finding(Damage.PUT_IN, kind, row.ref)
            row = next(rows, None)
        if row is None or row.ref > entry.ref:
            yield Finding(Damage.GONE, kind, entry.ref)
            continue
        if not _agrees(entry, row):
            yield Finding(Damage.CHANGED, kind, entry.ref)
        row = next(rows, None)


def _check_standing(db: Connection, kind: Kind, moving: Collection[int]) -> Iterator[Finding]:
    """How something stands is what the last entry about it says, unless more has happened to it
    that is not chained yet. What is younger than all that is chained is not looked at."""
    chained = entries.refs_of(db, kind)
    youngest = max(chained, default=0)
    for rows in _read_bites(db, kind):
        latest = entries.latest_of(db, kind, [record.ref for record in rows])
        for record in rows:
            chained.discard(record.ref)
            entry = latest.get(record.ref)
            if record.ref in moving or record.ref > youngest:
                continue
            if entry is None:
                yield Finding(Damage.PUT_IN, kind, record.ref)
            elif not _agrees(entry, record):
                yield Finding(Damage.CHANGED, kind, record.ref)
    yield from (Finding(Damage.GONE, kind, ref) for ref in sorted(chained))


def _check_codes(db: Connection) -> Iterator[Finding]:
    """A voucher says what its code is made of."""
    for voucher in vouchers.everything(db):
        facts = json.loads(voucher.facts)
        if voucher.salt is None or build_code(voucher.salt, facts) != voucher.code:
            yield Finding(Damage.CHANGED, Kind.VOUCHER, voucher.id)


def _find_moving(db: Connection) -> dict[Kind, set[int]]:
    """What has had something happen to it that is not chained yet."""
    waiting = [
        record
        for kind in HAPPENED
        for record in _read_all(db, kind, after=entries.last_ref(db, kind))
    ]
    return sources.find_changed(waiting)


def _agrees(entry: Entry, record: Record) -> bool:
    if entry.salt is None or commit(entry.salt, record.words) != entry.words:
        return False
    return hash_facts(record) == entry.facts


def _read_all(db: Connection, kind: Kind, after: int = 0) -> Iterator[Record]:
    return (record for rows in _read_bites(db, kind, after) for record in rows)


def _read_bites(db: Connection, kind: Kind, after: int = 0) -> Iterator[list[Record]]:
    while found := sources.list_all(db, kind, after, BITE):
        yield found
        after = found[-1].ref
