"""The table of who left, and of phones that were parted from their person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from bot.core.departures import Ending
from storage.columns import Moment, Word, key, link, table_of


class DepartureRow(SQLModel, table=True):
    """Somebody left, or a phone of theirs was parted from them; only ever added.

    `before` is what it changed beside matters, to be put back: `threads` that were parted, `moved`
    as `storage.people.holdings` wrote it, `absences` that ended, `assists` that passed on. By
    `because`, the once-key of the message that did it, the steps of matters are found.
    """

    __tablename__ = "departures"
    id: int | None = Field(default=None, sa_column=key())
    person_id: int = Field(sa_column=link("people.id", index=True))
    parting: Ending = Field(sa_column=Column(Word(Ending), nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    successor_id: int | None = Field(sa_column=link("people.id", optional=True))
    by_id: int | None = Field(sa_column=link("people.id", optional=True))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True, index=True))
    because: str = Field(max_length=255)
    before: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    undone_at: datetime | None = Field(default=None, sa_column=Column(Moment))


departures = table_of(DepartureRow)
