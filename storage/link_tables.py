"""The table of one-time links to pictures and papers."""

from datetime import datetime

from sqlalchemy import Column, Table
from sqlmodel import Field, SQLModel

from storage.columns import Moment, link


class LinkRow(SQLModel, table=True):
    """What one recipient may open. `hash` is all that is kept of the secret in the link."""

    __tablename__ = "media_links"
    hash: str = Field(primary_key=True, max_length=64)
    media_id: int = Field(sa_column=link("media.id"))
    thread_id: int = Field(sa_column=link("threads.id"))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    opened_at: datetime | None = Field(default=None, sa_column=Column(Moment))


def _of(model: type[SQLModel]) -> Table:
    table: Table = SQLModel.metadata.tables[str(model.__tablename__)]
    return table


links = _of(LinkRow)
