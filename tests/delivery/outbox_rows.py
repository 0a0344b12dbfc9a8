"""Rows of the outbox by their fate, as tests look for them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.delivery import queues
from storage.delivery.outbox import WITHHELD, Parcel
from storage.tables.delivery import outbox


def list_waiting(db: Connection) -> list[Row[Any]]:
    """What has not arrived yet, oldest first."""
    waits = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
    return list(db.execute(select(outbox).where(waits).order_by(outbox.c.id)))


def list_given_up(db: Connection) -> list[Row[Any]]:
    """What could not be delivered, oldest first."""
    lost = outbox.c.gave_up_at.is_not(None) & outbox.c.error.not_in(WITHHELD)
    return list(db.execute(select(outbox).where(lost).order_by(outbox.c.id)))


def claim(db: Connection, now: datetime, lease: timedelta, most: int) -> list[Parcel]:
    """What a postman takes, as it takes it."""
    queues.admit(db, now)
    return queues.claim(db, now, lease, most)
