"""Appends to the chain what has happened since, and publishes the week's root."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count

from sqlalchemy import Connection

from bot.core.chain.entries import HAPPENED, SALT, Record, build_leaf, commit, hash_facts
from bot.core.chain.tree import START, hash_root, hash_tree
from storage.chain import entries, roots, sources
from storage.chain.entries import Entry
from storage.chain.roots import Root

BITE = 2000
"""Events of a kind that are chained at one tick: a burst is caught up within minutes, and nobody
waits long for the writer meanwhile."""

BITES = 5
"""So often the last minutes are caught up before a root is published. What a database brings along
from before it had a chain comes in later weeks, and the root says how much that is."""


def append_entries(db: Connection, bite: int = BITE) -> int:
    """Chain what happened since and how things stand after it; how many entries that made."""
    happened: list[Record] = []
    for kind in HAPPENED:
        happened += sources.list_happened(db, kind, entries.last_ref(db, kind), bite)
    changed = sources.find_changed(happened)
    standing = [
        record for kind, ids in changed.items() for record in sources.list_standing(db, kind, ids)
    ]
    fresh = list(_number([*happened, *standing], entries.count(db)))
    entries.add(db, fresh)
    return len(fresh)


def publish_root(db: Connection, day: date, now: datetime) -> Root:
    """The root for a Monday, of everything that is chained by then; where there is one already,
    that one."""
    for _ in range(BITES):
        if not append_entries(db):
            break
    last = roots.last(db)
    if last is not None and last.day >= day:
        return last
    size = entries.count(db)
    tree = hash_tree(entries.leaves(db, last.size if last else 0, size))
    root = Root(
        number=last.number + 1 if last else 1,
        day=day,
        size=size,
        tree=tree,
        root=hash_root(last.root if last else START, tree, size),
        left_out=_count_left_out(db),
        published_at=now,
    )
    roots.add(db, root)
    return root


def _number(records: Sequence[Record], before: int) -> Iterator[Entry]:
    for seq, record in zip(count(before + 1), records, strict=False):
        salt = secrets.token_bytes(SALT)
        facts, words = hash_facts(record), commit(salt, record.words)
        leaf = build_leaf(record.kind, record.ref, facts, words)
        yield Entry(seq, record.kind, record.ref, salt, facts, words, leaf)


def _count_left_out(db: Connection) -> int:
    return sum(sources.count_after(db, kind, entries.last_ref(db, kind)) for kind in HAPPENED)
