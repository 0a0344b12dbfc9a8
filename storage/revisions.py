"""Remembers how often a table of the registry was written."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.prepared import Prepared
from storage.statements import insert_into
from storage.tables.people import revisions


def _build_counter(dialect: str) -> Any:
    count_on = {"number": revisions.c.number + 1}
    insert = insert_into(dialect, revisions)
    return insert.on_conflict_do_update(index_elements=["name"], set_=count_on)


_NEXT = Prepared(build=_build_counter)
_OF = Prepared(select(revisions.c.number).where(revisions.c.name == bindparam("table")))


def of(db: Connection, table: str) -> int:
    """How often the table was written; 0 for never."""
    row = _OF.first(db, table=table)
    return int(row["number"]) if row else 0


def mark_written(db: Connection, table: str) -> None:
    """The table was written once more; others who write it wait."""
    _NEXT(db, name=table, number=1)
