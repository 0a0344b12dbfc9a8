"""The tables of reforms: what recurred, what was done, what the enterprises said afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from bot.core.leaders.reforms import Effect, ReformAct, Standing
from storage.columns import Moment, Word, Words, key, link, table_of
from storage.tables.sessions import Ids


class ReformRow(SQLModel, table=True):
    """A reform as it stands; `number` is what people type."""

    __tablename__ = "reforms"
    __table_args__ = (Index("reforms_matter", "category", "mark"),)
    id: int | None = Field(default=None, sa_column=key())
    number: int = Field(unique=True)
    title: str = Field(max_length=120)
    category: str = Field(max_length=40)
    mark: str = Field(max_length=60)
    standing: Standing = Field(sa_column=Column(Word(Standing), nullable=False))
    since: datetime = Field(sa_column=Column(Moment, nullable=False))
    proposed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    issues: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    firms: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    before_count: int = 0
    before_days: float | None = None
    owner_id: int | None = Field(sa_column=link("people.id", optional=True))
    measures: Any = Field(default=(), sa_column=Column(Words, nullable=False))
    approved_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    done_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    result: str = Field(default="", sa_column=Column(Text, nullable=False))
    asked_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    measured_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    after_count: int = 0
    after_firms: int = 0
    after_days: float | None = None
    next_due_at: datetime | None = Field(default=None, sa_column=Column(Moment, index=True))


class AskedRow(SQLModel, table=True):
    """An original enterprise that was asked how it is now, once for each reform."""

    __tablename__ = "reform_answers"
    __table_args__ = (Index("reform_answers_firm", "reform_id", "enterprise_id", unique=True),)
    id: int | None = Field(default=None, sa_column=key())
    reform_id: int = Field(sa_column=link("reforms.id"))
    enterprise_id: int = Field(sa_column=link("enterprises.id"))
    thread_id: int = Field(sa_column=link("threads.id"))
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer: Effect | None = Field(default=None, sa_column=Column(Word(Effect)))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    by_id: int | None = Field(sa_column=link("people.id", optional=True))


class ReformEventRow(SQLModel, table=True):
    """What was said or done about a reform; only ever added."""

    __tablename__ = "reform_events"
    id: int | None = Field(default=None, sa_column=key())
    reform_id: int = Field(sa_column=link("reforms.id", index=True))
    act: ReformAct = Field(sa_column=Column(Word(ReformAct), nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    because: str = Field(max_length=255)


reforms, answers, reform_events = table_of(ReformRow), table_of(AskedRow), table_of(ReformEventRow)
