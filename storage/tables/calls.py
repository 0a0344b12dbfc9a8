"""The table of calls that firms asked for."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.core.calls import CallRung
from storage.columns import Moment, Word, key, link, table_of
from storage.tables.sessions import Ids

_WAITING = text("next_due_at IS NOT NULL")


class CallRow(SQLModel, table=True):
    """Somebody wants to be called; the next one is asked at `next_due_at`."""

    __tablename__ = "calls"
    __table_args__ = (
        Index(
            "calls_due",
            "next_due_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )
    id: int | None = Field(default=None, sa_column=key())
    thread_id: int = Field(sa_column=link("threads.id", index=True))
    person_id: int | None = Field(sa_column=link("people.id", optional=True, index=True))
    enterprise_id: int | None = Field(sa_column=link("enterprises.id", optional=True))
    issue_id: int | None = Field(sa_column=link("issues.id", optional=True))
    text: str = Field(sa_column=Column(Text, nullable=False))
    urgent: bool
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    rung: CallRung = Field(sa_column=Column(Word(CallRung), nullable=False))
    asked_of: tuple[int, ...] = Field(sa_column=Column(Ids, nullable=False))
    next_due_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    taken_by: int | None = Field(sa_column=link("people.id", optional=True, index=True))
    taken_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    done_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    because: str = Field(max_length=255)


calls = table_of(CallRow)
