"""The table of what leaders were told of each week."""

from datetime import datetime

from sqlalchemy import Column, Index, Table, Text
from sqlmodel import Field, SQLModel

from storage.columns import Moment, key, link


class DigestRow(SQLModel, table=True):
    """One leader's digest of one week, as it was told: `facts` is what `bot.digest.facts` keeps,
    `media_id` its picture. The unique week lets two processes tell it only once."""

    __tablename__ = "digests"
    __table_args__ = (Index("digests_week", "week", "leader_id", unique=True),)
    id: int | None = Field(default=None, sa_column=key())
    week: str = Field(max_length=8)
    leader_id: int = Field(sa_column=link("people.id"))
    facts: str = Field(sa_column=Column(Text, nullable=False))
    media_id: int = Field(sa_column=link("media.id", index=True))
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))


digests: Table = SQLModel.metadata.tables["digests"]
