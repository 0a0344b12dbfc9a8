"""The tables of sealed matters and of who saw what."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from bot.core.view_log import Seen
from storage.columns import Moment, Word, key, link, table_of


class NamedRow(SQLModel, table=True):
    """Somebody of the staff who is named or meant in a sealed matter: they never read, hold or
    settle it, also not once it is open again."""

    __tablename__ = "sealed_named"
    issue_id: int = Field(sa_column=link("issues.id", primary=True))
    person_id: int = Field(sa_column=link("people.id", primary=True, index=True))


class ReaderRow(SQLModel, table=True):
    """Somebody who may read a sealed issue: the first reader, and whoever it climbed to."""

    __tablename__ = "sealed_readers"
    issue_id: int = Field(sa_column=link("issues.id", primary=True))
    person_id: int = Field(sa_column=link("people.id", primary=True, index=True))


class ViewRow(SQLModel, table=True):
    """Who saw what, when and why; only ever added. See `bot.core.view_log.View`."""

    __tablename__ = "view_log"
    __table_args__ = (Index("view_log_issue", "issue_id", "id"), Index("view_log_at", "at"))
    id: int | None = Field(default=None, sa_column=key())
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    seen: Seen = Field(sa_column=Column(Word(Seen), nullable=False))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    issue_id: int | None = Field(sa_column=link("issues.id", optional=True))
    about_id: int | None = Field(sa_column=link("people.id", optional=True))
    why: str = Field(default="", sa_column=Column(Text, nullable=False))
    what: str = Field(default="", sa_column=Column(Text, nullable=False))


named, readers, views = table_of(NamedRow), table_of(ReaderRow), table_of(ViewRow)
