"""The table of one-time links to pictures and papers."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from storage.columns import Moment, link, table_of


class LinkRow(SQLModel, table=True):
    """What one recipient may open. `hash` is all that is kept of the secret in the link."""

    __tablename__ = "media_links"
    hash: str = Field(primary_key=True, max_length=64)
    media_id: int = Field(sa_column=link("media.id"))
    thread_id: int = Field(sa_column=link("threads.id"))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    opened_at: datetime | None = Field(default=None, sa_column=Column(Moment))


links = table_of(LinkRow)
