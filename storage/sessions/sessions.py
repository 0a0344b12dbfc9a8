"""Remembers sessions, who comes to them and what was done there."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from bot.core.origin import Origin
from bot.core.sessions.corrections import Change
from bot.core.sessions.session import TO_COME, TOOK_PLACE, Coming, Seat, Session, Stage
from storage.bulk import add_all, save_all
from storage.prepared import Prepared
from storage.tables.sessions import seats, session_events, sessions

PLANNING = 950
"""The name of PostgreSQL's lock on the plan: any number that nothing else uses."""


@dataclass(frozen=True)
class SessionEvent:
    """One thing done at or to a session; `act` is a command's verb, or what a job did. `changes` is
    what it corrected, `undoes` the event that it takes back."""

    id: int
    session_id: int
    item_id: int | None
    promise_id: int | None
    act: str
    at: datetime
    person_id: int | None
    thread_id: int | None
    text: str
    because: str
    changes: tuple[Change, ...] = ()
    undoes: int | None = None


def add(db: Connection, session: Session) -> Session:
    """A new session; the value with its id."""
    (added,) = add_all(db, sessions, [session])
    return added


def hold_plan(db: Connection) -> None:
    """Until this transaction ends nobody else plans a session: numbers and days are read first.
    SQLite has one writer anyway."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(PLANNING)))


def save(db: Connection, session: Session) -> Session:
    """Write it over what was there."""
    save_all(db, sessions, [session])
    return session


def last_number(db: Connection) -> int | None:
    """The highest number given out, None before the first session."""
    number: int | None = db.execute(select(func.max(sessions.c.number))).scalar()
    return number


def by_number(db: Connection, number: int) -> Session | None:
    """The session with this number, or None; locked until the transaction ends."""
    return _first(db, select(sessions).where(sessions.c.number == number).with_for_update())


def get(db: Connection, session_id: int) -> Session:
    """The session with this id, locked until the transaction ends; NoResultFound without it."""
    rows = select(sessions).where(sessions.c.id == session_id).with_for_update()
    return Session(**db.execute(rows).one()._mapping)


def is_on(db: Connection, session_id: int, starts_at: datetime) -> bool:
    """Whether a session is still to come, or goes on, on this very date. Locks nothing."""
    rows = select(sessions.c.id).where(
        sessions.c.id == session_id,
        sessions.c.starts_at == starts_at,
        sessions.c.stage.in_({*TO_COME, Stage.HELD}),
    )
    return db.execute(rows).first() is not None


def by_uid(db: Connection, uid: str) -> Session | None:
    """The session with this calendar identity, or None."""
    return _first(db, select(sessions).where(sessions.c.uid == uid))


def renew_papers(db: Connection) -> None:
    """No link to minutes that was given before opens anything; who asks again gets a new one."""
    rows = select(sessions.c.id).where(sessions.c.paper != "")
    for session_id in db.execute(rows).scalars().all():
        mine = sessions.c.id == session_id
        db.execute(update(sessions).where(mine).values(paper=secrets.token_hex(16)))


def by_paper(db: Connection, paper: str) -> Session | None:
    """The closed session whose minutes this secret opens, or None."""
    return _first(db, select(sessions).where(sessions.c.paper == paper)) if paper else None


def of_series(db: Connection, day: date) -> Session | None:
    """The session that stands for a day of the series, whatever became of it, or None."""
    return _first(db, select(sessions).where(sessions.c.series_day == day))


def to_come(db: Connection) -> list[Session]:
    """Everything planned and not begun, the next first."""
    return _all(db, select(sessions).where(sessions.c.stage.in_(TO_COME)))


def find_current_session(db: Connection) -> Session | None:
    """The session that was opened and not closed, the latest of several; locked."""
    rows = select(sessions).where(sessions.c.stage == Stage.HELD)
    rows = rows.order_by(sessions.c.starts_at.desc()).limit(1).with_for_update()
    return _first(db, rows)


def last_held(db: Connection) -> Session | None:
    """The latest session that took place, or None."""
    rows = select(sessions).where(sessions.c.stage.in_(TOOK_PLACE))
    return _first(db, rows.order_by(sessions.c.starts_at.desc()).limit(1))


def everything(db: Connection) -> list[Session]:
    """Every session, the first first."""
    return _all(db, select(sessions))


def due(db: Connection, now: datetime) -> list[Session]:
    """Sessions at which the clock must look now, locked; another process's are passed over."""
    rows = select(sessions).where(sessions.c.next_due_at <= now)
    return _all(db, rows.with_for_update(skip_locked=True))


def next_due_at(db: Connection) -> datetime | None:
    """The earliest moment at which any session is due; None when none is."""
    moment: datetime | None = _NEXT(db)[0]["at"]
    return moment


_NEXT = Prepared(select(func.min(sessions.c.next_due_at).label("at")))


def seats_of(db: Connection, session_id: int) -> list[Seat]:
    """Who was asked or signed up, in the order they came."""
    rows = select(seats).where(seats.c.session_id == session_id).order_by(seats.c.id)
    return [Seat(**row._mapping) for row in db.execute(rows)]


def seat_of(
    db: Connection,
    session_id: int,
    *,
    enterprise_id: int | None = None,
    department_id: int | None = None,
) -> Seat | None:
    """The seat of one enterprise or department, or None."""
    whose = (
        seats.c.enterprise_id == enterprise_id
        if enterprise_id
        else seats.c.department_id == department_id
    )
    row = db.execute(select(seats).where(seats.c.session_id == session_id, whose)).first()
    return Seat(**row._mapping) if row else None


def add_seat(db: Connection, seat: Seat) -> Seat:
    """A new seat; the value with its id."""
    (added,) = add_all(db, seats, [seat])
    return added


def save_seats(db: Connection, changed: Iterable[Seat]) -> None:
    """Write seats over what was there."""
    save_all(db, seats, list(changed))


def count_taken(found: Iterable[Seat]) -> int:
    """Seats of enterprises that come in person."""
    return sum(seat.enterprise_id is not None and seat.coming is Coming.COMING for seat in found)


def record(
    db: Connection,
    session_id: int,
    act: str,
    origin: Origin,
    *,
    item_id: int | None = None,
    promise_id: int | None = None,
    text: str = "",
    changes: tuple[Change, ...] = (),
    undoes: int | None = None,
) -> None:
    """Add one event to the history."""
    db.execute(
        insert(session_events).values(
            session_id=session_id,
            act=act,
            **vars(origin),
            item_id=item_id,
            promise_id=promise_id,
            text=text,
            changes=changes,
            undoes=undoes,
        )
    )


def history(db: Connection, session_id: int | None = None) -> list[SessionEvent]:
    """What was done at a session, or at all of them, oldest first."""
    rows = select(session_events).order_by(session_events.c.id)
    if session_id is not None:
        rows = rows.where(session_events.c.session_id == session_id)
    return [SessionEvent(**row._mapping) for row in db.execute(rows)]


def last_events_of(db: Connection, thread_id: int, most: int = 50) -> list[SessionEvent]:
    """What was done last at any session from a thread, the latest first."""
    rows = select(session_events).where(session_events.c.thread_id == thread_id)
    found = db.execute(rows.order_by(session_events.c.id.desc()).limit(most))
    return [SessionEvent(**row._mapping) for row in found]


def change(db: Connection, session_id: int, **fields: Any) -> None:
    """Set fields of a session, such as `next_due_at=None`."""
    db.execute(update(sessions).where(sessions.c.id == session_id).values(**fields))


def _all(db: Connection, rows: Select[Any]) -> list[Session]:
    ordered = rows.order_by(sessions.c.starts_at, sessions.c.id)
    return [Session(**row._mapping) for row in db.execute(ordered)]


def _first(db: Connection, rows: Select[Any]) -> Session | None:
    row: Row[Any] | None = db.execute(rows).first()
    return Session(**row._mapping) if row else None
