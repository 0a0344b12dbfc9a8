"""The tables of talk: questions whether something is a matter, and what people corrected."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import Moment, key, link, table_of

_WAITING = text("settled_at IS NULL")


class ActLessonRow(SQLModel, table=True):
    """Somebody of this role said what a message was; `void` when that was taken back."""

    __tablename__ = "act_lessons"
    id: int | None = Field(default=None, sa_column=key())
    text: str = Field(sa_column=Column(Text, nullable=False))
    act: str = Field(max_length=32)
    role: str = Field(max_length=32)
    because: str = Field(max_length=255, index=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    void: bool = Field(default=False, index=True)


class MatterQuestionRow(SQLModel, table=True):
    """Whether these words are a matter was asked; without an answer they are filed at `due_at`."""

    __tablename__ = "matter_questions"
    __table_args__ = (
        Index("matter_questions_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    id: int | None = Field(default=None, sa_column=key())
    thread_id: int = Field(sa_column=link("threads.id", index=True))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    text: str = Field(sa_column=Column(Text, nullable=False))
    media_id: int | None = Field(sa_column=link("media.id", optional=True))
    asked_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    issue_id: int | None = Field(sa_column=link("issues.id", optional=True))


act_lessons = table_of(ActLessonRow)
matter_questions = table_of(MatterQuestionRow)
