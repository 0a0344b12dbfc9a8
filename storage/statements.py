"""The few statements that the two databases spell differently.

Building a statement costs four times what running it does, so what every message needs is built
once, as a module's constant with `bindparam`s (or once for each dialect, with `cache`).
"""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(db: Connection, table: Table) -> Any:
    """An INSERT of this dialect, with `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return insert_into(db.dialect.name, table)


def insert_into(dialect: str, table: Table) -> Any:
    """The same, for a dialect by its name."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table)
