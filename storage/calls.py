"""Remembers the calls that firms asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from bot.core.calls import Call
from storage.prepared import Prepared
from storage.tables.calls import calls

_OPEN = calls.c.done_at.is_(None)
_NEXT = Prepared(
    select(func.min(calls.c.next_due_at).label("at")).where(calls.c.next_due_at.is_not(None))
)
_OF_THREAD = Prepared(
    select(calls)
    .where(
        or_(
            calls.c.thread_id == bindparam("thread"),
            calls.c.person_id == bindparam("person"),
        ),
        _OPEN,
    )
    .order_by(calls.c.id.desc())
    .limit(1)
)


def add(db: Connection, **fields: Any) -> Call:
    """A new call, with the fields of `Call` but its id."""
    row = db.execute(insert(calls).values(**fields).returning(calls)).one()
    return Call(**row._mapping)


def change(db: Connection, call_id: int, **fields: Any) -> Call:
    """Set fields of a call; the call as it is then."""
    mine = calls.c.id == call_id
    row = db.execute(update(calls).where(mine).values(**fields).returning(calls)).one()
    return Call(**row._mapping)


def by_id(db: Connection, call_id: int) -> Call | None:
    """The call with this id, locked, or None."""
    row = db.execute(select(calls).where(calls.c.id == call_id).with_for_update()).first()
    return Call(**row._mapping) if row else None


def find_open(db: Connection, thread_id: int, person_id: int | None) -> Call | None:
    """The last call that this thread or this person asked for and that was not made yet."""
    row = _OF_THREAD.first(db, thread=thread_id, person=person_id)
    return Call(**row) if row else None


def list_untaken(db: Connection, since: datetime) -> list[Call]:
    """What nobody has taken and whose time had not passed at `since`, the oldest first."""
    rows = select(calls).where(_OPEN, calls.c.taken_at.is_(None), calls.c.due_at >= since)
    return [Call(**row._mapping) for row in db.execute(rows.order_by(calls.c.id))]


def list_taken(db: Connection, person_id: int) -> list[Call]:
    """What this person took and has not said to be done, the oldest first."""
    rows = select(calls).where(_OPEN, calls.c.taken_by == person_id).order_by(calls.c.id)
    return [Call(**row._mapping) for row in db.execute(rows)]


def list_waiting_for(db: Connection, person_id: int) -> list[Call]:
    """Calls not made that this person took, or was the last to be asked to make; locked."""
    rows = select(calls).where(_OPEN).order_by(calls.c.id).with_for_update()
    found = [Call(**row._mapping) for row in db.execute(rows)]
    return [
        call
        for call in found
        if call.taken_by == person_id
        or (call.taken_at is None and call.asked_of[-1:] == (person_id,))
    ]


def list_asked(db: Connection, since: datetime, until: datetime) -> list[Call]:
    """Every call asked for from `since` until before `until`: how long people waited is counted
    from these."""
    rows = select(calls).where(calls.c.asked_at >= since, calls.c.asked_at < until)
    return [Call(**row._mapping) for row in db.execute(rows.order_by(calls.c.id))]


def due(db: Connection, now: datetime) -> list[Call]:
    """Calls that nobody took in time, locked; another process's are passed over."""
    rows = (
        select(calls)
        .where(calls.c.next_due_at <= now)
        .order_by(calls.c.id)
        .with_for_update(skip_locked=True)
    )
    return [Call(**row._mapping) for row in db.execute(rows)]


def next_due_at(db: Connection) -> datetime | None:
    """The earliest moment at which somebody else is asked; None when none waits for that."""
    moment: datetime | None = _NEXT(db)[0]["at"]
    return moment
