"""Writes many values of the core at once: the registry comes in files of thousands of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from storage import revisions

T = TypeVar("T", bound=Any)
CHUNK = 1000
"""Rows in one statement; both databases limit its parameters."""
WATCHED = frozenset({"enterprises"})
"""Tables from which something is built and kept: each time they are written is counted."""


def everything(db: Connection, table: Table, kind: type[T]) -> list[T]:
    """All rows of a table as values, by id."""
    names = [table.c[field.name] for field in fields(kind)]
    rows = db.execute(select(*names).order_by(table.c.id))
    return [kind(*row) for row in rows]


def add_all(db: Connection, table: Table, values: Sequence[T]) -> list[T]:
    """Insert them; the same values with the ids that they got, in the same order."""
    added: list[T] = []
    for at in range(0, len(values), CHUNK):
        chunk = values[at : at + CHUNK]
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        ids = db.execute(statement, [_row(record, without="id") for record in chunk]).scalars()
        added += [replace(record, id=int(id_)) for record, id_ in zip(chunk, ids, strict=True)]
    _count(db, table, values)
    return added


def save_all(db: Connection, table: Table, values: Iterable[Any]) -> None:
    """Overwrite the rows that have their ids."""
    rows = [_row(record) for record in values]
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    statement = update(table).where(table.c.id == bindparam("_id"))
    filled = statement.values({name: bindparam(f"_{name}") for name in names})
    db.execute(filled, [{f"_{name}": value for name, value in row.items()} for row in rows])
    _count(db, table, rows)


def _count(db: Connection, table: Table, values: Sequence[Any]) -> None:
    if values and table.name in WATCHED:
        revisions.mark_written(db, table.name)


def _row(value: Any, without: str = "") -> dict[str, Any]:
    names = (field.name for field in fields(value))
    return {name: getattr(value, name) for name in names if name != without}
