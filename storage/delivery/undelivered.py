"""Remembers why a message has not arrived, and lets the people at the desk decide about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from storage.delivery.outbox import WITHHELD
from storage.tables.delivery import outbox, threads
from storage.tables.people import people

DROPPED = "dropped: "
"""How the error of a message begins that somebody decided not to send."""


class Wait(StrEnum):
    """Why a message is not there yet."""

    DUE = "due"
    LATER = "later"
    SENDING = "sending"
    RETRY = "retry"
    HELD = "held"
    GAVE_UP = "gave_up"


@dataclass(frozen=True)
class Undelivered:
    """One message that has not arrived. `until` is when it is tried next, None where nobody knows.

    `name` is empty for somebody nobody has bound yet. `error` begins with a key of the texts.
    """

    id: int
    channel: str
    address: str
    name: str
    text: str
    created_at: datetime
    attempts: int
    wait: Wait
    until: datetime | None
    error: str


_WAITS = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_OURS = outbox.c.error.not_like(f"{DROPPED}%") & outbox.c.error.not_in(WITHHELD)
_GONE = outbox.c.error.in_(WITHHELD) & outbox.c.gave_up_at.is_not(None)
_FAILED = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_not(None) & _OURS


def list_undelivered(db: Connection, now: datetime, most: int = 100) -> list[Undelivered]:
    """What waits and what was given up, oldest first; nothing that was withheld or dropped."""
    names = ("id", "text", "created_at", "attempts", "error", "not_before", "retry_at")
    columns: Any = [outbox.c[name] for name in (*names, "leased_until", "held_at", "gave_up_at")]
    columns += [threads.c.channel, threads.c.address, people.c.name]
    rows = (
        select(*columns)
        .join(threads, threads.c.id == outbox.c.thread_id)
        .outerjoin(people, people.c.id == threads.c.person_id)
        .where(or_(_WAITS, _FAILED))
        .order_by(outbox.c.id)
        .limit(most)
    )
    return [_build_undelivered(row, now) for row in db.execute(rows)]


def retry(db: Connection, parcel_id: int, now: datetime) -> bool:
    """Send it now, with all its tries anew; False when there is no such message to send."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    fresh = {"gave_up_at": None, "held_at": None, "retry_at": None, "attempts": 0, "look_at": now}
    where = (outbox.c.id == parcel_id) & outbox.c.sent_at.is_(None) & ~_GONE & free
    done = db.execute(update(outbox).where(where).values(**fresh, not_before=now, error=""))
    return done.rowcount == 1


def drop(db: Connection, parcel_id: int, now: datetime, why: str) -> bool:
    """Never send it; False when there is no such message, or it has left."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    where = (outbox.c.id == parcel_id) & outbox.c.sent_at.is_(None) & _OURS & free
    values = {"gave_up_at": now, "leased_until": None, "error": f"{DROPPED}{why}"[:300]}
    values["look_at"] = None
    return db.execute(update(outbox).where(where).values(**values)).rowcount == 1


def _build_undelivered(row: Row[Any], now: datetime) -> Undelivered:
    wait, until = state(row, now)
    return Undelivered(
        id=row.id,
        channel=row.channel,
        address=row.address,
        name=row.name or "",
        text=row.text,
        created_at=row.created_at,
        attempts=row.attempts,
        wait=wait,
        until=until,
        error=row.error,
    )


def state(row: Row[Any], now: datetime) -> tuple[Wait, datetime | None]:
    """Why a message that has not arrived is not there yet, and when it is tried next."""
    if row.gave_up_at:
        return Wait.GAVE_UP, None
    if row.leased_until and row.leased_until > now:
        return Wait.SENDING, row.leased_until
    if row.held_at:
        return Wait.HELD, None
    if row.not_before > now:
        return Wait.LATER, row.not_before
    if row.retry_at and row.retry_at > now:
        return Wait.RETRY, row.retry_at
    return Wait.DUE, now
