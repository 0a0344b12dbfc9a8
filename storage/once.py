"""Remembers what was done, so that nothing is done twice."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from storage.statements import insert_into
from storage.tables import once


def claim(db: Connection, key: str, now: datetime) -> bool:
    """Whether this key is new; from now on it is not.

    Two transactions that claim one key at once: the second waits for the first, then gets False.
    """
    return db.execute(_claiming(db.dialect.name), {"key": key, "at": now}).rowcount == 1


@cache
def _claiming(dialect: str) -> Any:
    statement = insert_into(dialect, once).on_conflict_do_nothing()
    # PostgreSQL's driver forgets the count of an INSERT unless asked to keep it.
    return statement.execution_options(preserve_rowcount=True)
