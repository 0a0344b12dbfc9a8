"""Remembers what was promised at sessions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.core.issues.issue import Status
from bot.core.sessions.promises import Kept, Promise
from storage.bulk import add_all, save_all
from storage.prepared import Prepared
from storage.tables.issues import issues
from storage.tables.sessions import promises, sessions


def next_serial(db: Connection, session_id: int) -> int:
    """The next number within a session; the caller holds the session's lock."""
    most = select(func.max(promises.c.serial)).where(promises.c.session_id == session_id)
    return (db.execute(most).scalar() or 0) + 1


def add(db: Connection, promise: Promise) -> Promise:
    """A new promise; the value with its id."""
    (added,) = add_all(db, promises, [promise])
    return added


def save(db: Connection, promise: Promise) -> Promise:
    """Write it over what was there."""
    save_all(db, promises, [promise])
    return promise


def get(db: Connection, promise_id: int) -> Promise:
    """The promise with this id, locked until the transaction ends; NoResultFound without it."""
    rows = select(promises).where(promises.c.id == promise_id).with_for_update()
    return Promise(**db.execute(rows).one()._mapping)


def by_number(db: Connection, session: int, serial: int) -> Promise | None:
    """The promise with this number, such as 95-03, or None; locked. One that was taken back at
    once was never said."""
    rows = (
        select(promises)
        .join(sessions, sessions.c.id == promises.c.session_id)
        .where(sessions.c.number == session, promises.c.serial == serial)
        .where(promises.c.kept != Kept.STRUCK)
        .with_for_update(of=promises)
    )
    return next(iter(_all(db, rows)), None)


def open_ones(db: Connection) -> list[Promise]:
    """Everything promised and not settled, the first due first; nothing of what its enterprises
    have withdrawn."""
    rows = select(promises).where(promises.c.kept == Kept.OPEN)
    found = _all(db, rows.order_by(promises.c.due, promises.c.id))
    moot = list_moot(db, found)
    return [promise for promise in found if promise.id not in moot]


def list_moot(db: Connection, found: Iterable[Promise]) -> set[int]:
    """The ids of those about issues that were all withdrawn: nobody waits for them any more."""
    open_now = [promise for promise in found if promise.issues]
    ids = sorted({issue for promise in open_now for issue in promise.issues})
    gone = select(issues.c.id).where(issues.c.id.in_(ids), issues.c.status == Status.WITHDRAWN)
    withdrawn = set(db.execute(gone).scalars()) if ids else set()
    return {promise.id for promise in open_now if withdrawn.issuperset(promise.issues)}


def of_session(db: Connection, session_id: int) -> list[Promise]:
    """What was promised at a session, by number."""
    rows = select(promises).where(promises.c.session_id == session_id)
    return _all(db, rows.where(promises.c.kept != Kept.STRUCK).order_by(promises.c.serial))


def of_item(db: Connection, item_id: int) -> list[Promise]:
    """What was promised on one item, by number."""
    rows = select(promises).where(promises.c.item_id == item_id)
    return _all(db, rows.where(promises.c.kept != Kept.STRUCK).order_by(promises.c.serial))


def everything(db: Connection) -> list[Promise]:
    """Every promise ever made, by id."""
    rows = select(promises).where(promises.c.kept != Kept.STRUCK)
    return _all(db, rows.order_by(promises.c.id))


def due(db: Connection, now: datetime) -> list[Promise]:
    """Promises at which the clock must look now, locked; another process's are passed over."""
    rows = select(promises).where(promises.c.next_due_at <= now).order_by(promises.c.id)
    return _all(db, rows.with_for_update(skip_locked=True))


def next_due_at(db: Connection) -> datetime | None:
    """The earliest moment at which any promise is due; None when none is."""
    moment: datetime | None = _NEXT(db)[0]["at"]
    return moment


_NEXT = Prepared(select(func.min(promises.c.next_due_at).label("at")))


def numbers(db: Connection, found: Iterable[Promise]) -> dict[int, int]:
    """The session's number of each of these promises, by the session's id."""
    ids = sorted({promise.session_id for promise in found})
    rows = select(sessions.c.id, sessions.c.number).where(sessions.c.id.in_(ids))
    return {row.id: row.number for row in db.execute(rows)}


def _all(db: Connection, rows: Select[Any]) -> list[Promise]:
    return [Promise(**row._mapping) for row in db.execute(rows)]
