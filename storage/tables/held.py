"""The table of words to an enterprise that their writer may still keep back."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import Moment, key, link, table_of

_WAITING = text("settled_at IS NULL")


class HeldWordsRow(SQLModel, table=True):
    """An answer of one of the staff that leaves at `due_at` unless it is taken back before.

    `because` is the once-key of the message that they wrote. `fate` says what became of the words
    at `settled_at`; both are empty while they wait.
    """

    __tablename__ = "held_words"
    __table_args__ = (
        Index("held_words_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    id: int | None = Field(default=None, sa_column=key())
    thread_id: int = Field(sa_column=link("threads.id", index=True))
    person_id: int = Field(sa_column=link("people.id"))
    issue_id: int = Field(sa_column=link("issues.id"))
    text: str = Field(sa_column=Column(Text, nullable=False))
    media_id: int | None = Field(sa_column=link("media.id", optional=True))
    because: str = Field(max_length=255, unique=True)
    held_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    due_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    fate: str = Field(default="", max_length=16)


held_words = table_of(HeldWordsRow)
