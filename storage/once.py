"""Remembers what was done, so that nothing is done twice."""

from datetime import datetime

from sqlalchemy import Connection

from storage.statements import insert_new
from storage.tables import once


def claim(db: Connection, key: str, now: datetime) -> bool:
    """Whether this key is new; from now on it is not.

    Two transactions that claim one key at once: the second waits for the first, then gets False.
    """
    statement = insert_new(db, once).values(key=key, at=now)
    # PostgreSQL's driver forgets the count of an INSERT unless asked to keep it.
    return db.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1
