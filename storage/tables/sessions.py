"""The tables of sessions: the nights, who comes, their agendas, what was promised and done."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Dialect, Index, Text, false
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from bot.core.sessions.agenda import Ground, Outcome, Told
from bot.core.sessions.corrections import Change
from bot.core.sessions.promises import Kept, Response
from bot.core.sessions.session import Coming, Stage, Way
from storage.columns import BIG, Moment, Word, key, link, table_of


class Ids(TypeDecorator[tuple[int, ...]]):
    """Several ids in their order, kept as a JSON list."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> Any:
        return list(value or ())

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[int, ...]:
        return tuple(value or ())


class Changes(TypeDecorator[tuple[Change, ...]]):
    """What was corrected, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Change, ...] | None, dialect: Dialect) -> Any:
        return [change.to_json() for change in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Change, ...]:
        return tuple(Change.from_json(stored) for stored in value or ())


class SessionRow(SQLModel, table=True):
    """One session. The unique series day lets two processes plan a Monday only once."""

    __tablename__ = "sessions"
    id: int | None = Field(default=None, sa_column=key())
    number: int = Field(unique=True)
    starts_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    stage: Stage = Field(sa_column=Column(Word(Stage), nullable=False))
    place: str = Field(default="", max_length=200)
    theme: str = Field(default="", max_length=200)
    category: str = Field(default="", max_length=40)
    kind: str = Field(default="", max_length=40)
    capacity: int = 8
    uid: str = Field(unique=True, max_length=80)
    sequence: int = 0
    series_day: date | None = Field(default=None, unique=True)
    proposed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    agenda_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    published_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    opened_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    reminded_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    next_due_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))
    paper: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    minutes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class SeatRow(SQLModel, table=True):
    """An enterprise's or a department's seat at a session, one each."""

    __tablename__ = "seats"
    __table_args__ = (
        Index("seats_firm", "session_id", "enterprise_id", unique=True),
        Index("seats_department", "session_id", "department_id", unique=True),
    )
    id: int | None = Field(default=None, sa_column=key())
    session_id: int = Field(sa_column=link("sessions.id"))
    way: Way = Field(sa_column=Column(Word(Way), nullable=False))
    coming: Coming = Field(sa_column=Column(Word(Coming), nullable=False))
    enterprise_id: int | None = Field(sa_column=link("enterprises.id", optional=True))
    department_id: int | None = Field(sa_column=link("departments.id", optional=True))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True))
    issues: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    topic: str = Field(default="", sa_column=Column(Text, nullable=False))
    present_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class ItemRow(SQLModel, table=True):
    """One line of an agenda. `place` is what people see, 0 for what was taken off."""

    __tablename__ = "agenda_items"
    __table_args__ = (
        Index("agenda_items_matter", "session_id", "matter", unique=True),
        Index("agenda_items_chain", "matter"),
    )
    id: int | None = Field(default=None, sa_column=key())
    session_id: int = Field(sa_column=link("sessions.id"))
    matter: str = Field(max_length=80)
    ground: Ground = Field(sa_column=Column(Word(Ground), nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    place: int
    issues: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    firms: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    promise_id: int | None = Field(default=None, sa_column=Column(BIG))
    owner_id: int | None = Field(sa_column=link("people.id", optional=True))
    department_id: int | None = Field(sa_column=link("departments.id", optional=True))
    minutes: int
    times: int
    why: str = Field(default="", max_length=40)
    outcome: Outcome = Field(sa_column=Column(Word(Outcome), nullable=False))
    said: str = Field(default="", sa_column=Column(Text, nullable=False))
    came: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    wait: int | None = None
    told: Told = Field(
        default=Told.NOTHING, sa_column=Column(Word(Told), nullable=False, server_default="")
    )


class PromiseRow(SQLModel, table=True):
    """A promise of a session."""

    __tablename__ = "promises"
    __table_args__ = (Index("promises_number", "session_id", "serial", unique=True),)
    id: int | None = Field(default=None, sa_column=key())
    session_id: int = Field(sa_column=link("sessions.id"))
    serial: int
    item_id: int = Field(sa_column=link("agenda_items.id"))
    matter: str = Field(max_length=80)
    who: str = Field(max_length=200)
    what: str = Field(sa_column=Column(Text, nullable=False))
    due: datetime = Field(sa_column=Column(Moment, nullable=False))
    first_due: datetime = Field(sa_column=Column(Moment, nullable=False))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    kept: Kept = Field(sa_column=Column(Word(Kept), nullable=False))
    issues: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    firms: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    department_id: int | None = Field(sa_column=link("departments.id", optional=True))
    by_id: int | None = Field(sa_column=link("people.id", optional=True))
    answer: Response = Field(sa_column=Column(Word(Response), nullable=False))
    dispute: str = Field(default="", sa_column=Column(Text, nullable=False))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    broken: int = 0
    redated: int = 0
    told_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    settled_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    spoken_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    next_due_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))


class SessionEventRow(SQLModel, table=True):
    """What was done at or to a session; only ever added."""

    __tablename__ = "session_events"
    id: int | None = Field(default=None, sa_column=key())
    session_id: int = Field(sa_column=link("sessions.id", index=True))
    item_id: int | None = Field(default=None, sa_column=Column(BIG))
    promise_id: int | None = Field(default=None, sa_column=Column(BIG, index=True))
    act: str = Field(max_length=40)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True, index=True))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    because: str = Field(max_length=255)
    changes: Any = Field(default=(), sa_column=Column(Changes, nullable=False, server_default="[]"))
    undoes: int | None = Field(default=None, sa_column=Column(BIG))


sessions, seats, items = table_of(SessionRow), table_of(SeatRow), table_of(ItemRow)
promises, session_events = table_of(PromiseRow), table_of(SessionEventRow)
