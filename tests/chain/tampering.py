"""Changes a database behind the bot's back, as somebody would who has something to hide."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from bot.core.chain.entries import HAPPENED, Kind
from storage.chain.sources import SOURCES
from storage.tables.chain import entries, roots


def tamper(db: Connection, chance: Random) -> str:
    """One random change that matters; what it was."""
    change = chance.choice((_edit, _edit, _edit, _delete, _reorder, _edit_chain, _delete_chain))
    return change(db, chance)


def _edit(db: Connection, chance: Random) -> str:
    kind = chance.choice(list(SOURCES))
    source = SOURCES[kind]
    row = _pick(db, source.table, chance)
    name = chance.choice([*source.facts, *source.words])
    old = row[name]
    new = _alter(old, source.table.c[name].type.__class__.__name__, chance)
    db.execute(update(source.table).where(source.table.c.id == row["id"]).values({name: new}))
    return f"{kind} {row['id']} {name}: {old!r} -> {new!r}"


def _alter(old: Any, kind: str, chance: Random) -> Any:
    if isinstance(old, datetime):
        return old + timedelta(days=chance.choice((-30, -1, 1, 7)), seconds=chance.random())
    if isinstance(old, bool):
        return not old
    if isinstance(old, int):
        return old + chance.choice((-1, 1))
    if kind == "Word":
        members: list[Any] = list(type(old))  # type: ignore[call-overload]
        return chance.choice([member for member in members if member is not old])
    if isinstance(old, str):
        return f"{old}。" if chance.random() < 0.5 else old[:-1] or "改"
    # Nothing stood there: a moment or a number is put in.
    return datetime(2025, 3, 3, tzinfo=UTC) if kind == "Moment" else 1


def _delete(db: Connection, chance: Random) -> str:
    kind = chance.choice((Kind.ISSUE_EVENT, Kind.SESSION_EVENT, Kind.PROMISE, Kind.VOUCHER))
    table = SOURCES[kind].table
    row = _pick(db, table, chance)
    db.execute(delete(table).where(table.c.id == row["id"]))
    return f"{kind} {row['id']} deleted"


def _reorder(db: Connection, chance: Random) -> str:
    """Two events change places."""
    kind = chance.choice((Kind.ISSUE_EVENT, Kind.SESSION_EVENT))
    table = SOURCES[kind].table
    one, other = _pick(db, table, chance), _pick(db, table, chance)
    while one["id"] == other["id"] or one["at"] == other["at"]:
        other = _pick(db, table, chance)
    ids = (one["id"], other["id"])
    for before, after in ((ids[0], -1), (ids[1], ids[0]), (-1, ids[1])):
        db.execute(update(table).where(table.c.id == before).values(id=after))
    return f"{kind} {ids[0]} and {ids[1]} changed places"


def _edit_chain(db: Connection, chance: Random) -> str:
    """An entry is written anew, so that it agrees with a row that was changed."""
    row = _pick(db, entries, chance)
    # What stood before has no words left that its salt could be tried on.
    salted = ("salt",) if row["kind"] in HAPPENED else ()
    name = chance.choice(("leaf", "words", "facts", "ref", *salted))
    new = row["ref"] + 1 if name == "ref" else chance.randbytes(32 if name != "salt" else 16)
    db.execute(update(entries).where(entries.c.seq == row["seq"]).values({name: new}))
    return f"entry {row['seq']} {name}"


def _delete_chain(db: Connection, chance: Random) -> str:
    table = chance.choice((entries, roots))
    key = next(iter(table.primary_key.columns))
    row = _pick(db, table, chance)
    db.execute(delete(table).where(key == row[key.name]))
    return f"{table.name} {row[key.name]} deleted"


def _pick(db: Connection, table: Table, chance: Random) -> Any:
    rows = db.execute(select(table)).mappings().all()
    return chance.choice(rows)
