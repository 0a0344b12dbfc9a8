"""The few statements that the two databases spell differently."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(db: Connection, table: Table) -> Any:
    """An INSERT of this dialect, with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    insert: Any = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    return insert(table)


def insert_new(db: Connection, table: Table) -> Any:
    """An INSERT that leaves a row alone which is there already (rowcount 0)."""
    return upsert(db, table).on_conflict_do_nothing()
