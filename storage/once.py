"""Remembers what was done, so that nothing is done twice."""

from datetime import datetime

from sqlalchemy import Connection

from storage.statements import insert_new
from storage.tables import once


def claim(db: Connection, key: str, now: datetime) -> bool:
    """Whether this key is new; from now on it is not.

    Two transactions that claim one key at once: the second waits for the first, then gets False.
    """
    return db.execute(insert_new(db, once).values(key=key, at=now)).rowcount == 1
