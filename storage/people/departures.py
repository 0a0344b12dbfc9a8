"""Remembers who left, which phones were parted from whom, and what has to be put back with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.core.departures import Ending
from storage.tables.departures import departures


@dataclass(frozen=True)
class Departure:
    """One of them; `undone_at` is set when it was taken back. Moments are UTC."""

    id: int
    person_id: int
    parting: Ending
    at: datetime
    successor_id: int | None
    by_id: int | None
    thread_id: int | None
    because: str
    before: Mapping[str, Any]
    undone_at: datetime | None


def add(db: Connection, **fields: Any) -> Departure:
    """Write it down, with the fields of `Departure` but its id."""
    row = db.execute(insert(departures).values(**fields).returning(departures)).one()
    return Departure(**row._mapping)


def last_standing_of(db: Connection, thread_id: int) -> Departure | None:
    """What was done last from a thread and was not taken back, or None."""
    mine = (departures.c.thread_id == thread_id) & departures.c.undone_at.is_(None)
    rows = select(departures).where(mine).order_by(departures.c.id.desc()).limit(1)
    row = db.execute(rows).first()
    return Departure(**row._mapping) if row else None


def undo(db: Connection, departure_id: int, now: datetime) -> None:
    """It is taken back."""
    mine = departures.c.id == departure_id
    db.execute(update(departures).where(mine).values(undone_at=now))


def last_at(db: Connection, person_id: int) -> datetime | None:
    """When a person last left or lost a phone; None when never. What was given to them before
    opens nothing."""
    mine = (departures.c.person_id == person_id) & departures.c.undone_at.is_(None)
    rows = select(departures.c.at).where(mine).order_by(departures.c.at.desc()).limit(1)
    return db.execute(rows).scalar_one_or_none()
