"""Remembers the rooms of issues: threads in which all colleagues talk about one issue."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select, update

from bot.core.messages import Address
from storage.delivery import threads
from storage.statements import upsert
from storage.tables.rooms import rooms


@dataclass(frozen=True)
class Room:
    """A thread about one issue; `closed` once nothing is to be said there any more."""

    thread_id: int
    issue_id: int
    closed: bool


def add(db: Connection, address: Address, issue_id: int) -> Room:
    """The room of an issue, at this address; made unless somebody else has just made it."""
    thread = threads.open_thread(db, address, None)
    made = upsert(db, rooms).values(thread_id=thread.id, issue_id=issue_id, closed=False)
    db.execute(made.on_conflict_do_nothing())
    return by_issue(db, issue_id) or Room(thread.id, issue_id, closed=False)


def by_thread(db: Connection, thread_id: int) -> Room | None:
    """The room that this thread is, or None."""
    return _one(db, rooms.c.thread_id == thread_id)


def by_issue(db: Connection, issue_id: int) -> Room | None:
    """The room of an issue, or None."""
    return _one(db, rooms.c.issue_id == issue_id)


def close(db: Connection, room: Room, *, closed: bool) -> None:
    """From now on nothing, or something again, is to be said there."""
    db.execute(update(rooms).where(rooms.c.thread_id == room.thread_id).values(closed=closed))


def _one(db: Connection, where: ColumnElement[bool]) -> Room | None:
    row = db.execute(select(rooms).where(where)).first()
    return Room(**row._mapping) if row else None
