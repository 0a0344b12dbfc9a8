"""Remembers what was done, so that nothing is done twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete

from storage.prepared import Prepared
from storage.statements import insert_into
from storage.tables.once import once


def claim(db: Connection, key: str, now: datetime) -> bool:
    """Whether this key is new; from now on it is not.

    Two transactions that claim one key at once: the second waits for the first, then gets False.
    """
    return bool(_CLAIM(db, key=key, at=now))


def forget(db: Connection, before: datetime) -> None:
    """What was done before a moment cannot be asked for again: its keys may go."""
    db.execute(delete(once).where(once.c.at < before))


def _build_claim(dialect: str) -> Any:
    return insert_into(dialect, once).on_conflict_do_nothing().returning(once.c.key)


_CLAIM = Prepared(build=_build_claim)
