"""The table of what was put to leaders for a word, and what they said."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Table, Text
from sqlmodel import Field, SQLModel

from bot.core.leaders.decisions import Cause, Choice
from storage.columns import BIG, Moment, Word, key, link
from storage.tables.sessions import Ids


class DecisionRow(SQLModel, table=True):
    """One matter put to one leader in one week. The unique index lets two processes offer it only
    once; `because` is the once-key of the message that decided it."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("decisions_matter", "leader_id", "week", "issue_id", unique=True),
        Index("decisions_issue", "issue_id"),
        Index("decisions_because", "because"),
        Index("decisions_session", "session_id"),
    )
    id: int | None = Field(default=None, sa_column=key())
    leader_id: int = Field(sa_column=link("people.id"))
    week: date
    place: int
    issue_id: int = Field(sa_column=link("issues.id"))
    cause: Cause = Field(sa_column=Column(Word(Cause), nullable=False))
    offered_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    detail: str = Field(default="", max_length=40)
    also: Any = Field(default=(), sa_column=Column(Ids, nullable=False))
    choice: Choice | None = Field(default=None, sa_column=Column(Word(Choice)))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    because: str = Field(default="", max_length=255)
    session_id: int | None = Field(default=None, sa_column=Column(BIG))


decisions: Table = SQLModel.metadata.tables["decisions"]
