"""The table of pictures, voices, videos and files."""

from datetime import datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from storage.columns import Moment, key, table_of


class MediaRow(SQLModel, table=True):
    """A picture, voice or video: `ref` at the platform until it is fetched, then `path` is ours.

    `path` is the content's hash with its suffix, inside the media folder.
    """

    __tablename__ = "media"
    __table_args__ = (Index("media_waiting", "retry_at", "id"),)
    id: int | None = Field(default=None, sa_column=key())
    channel: str = Field(max_length=20)
    ref: str = Field(default="", max_length=512)
    path: str = Field(default="", max_length=80)
    mime: str = Field(default="", max_length=80)
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    error: str = Field(default="", max_length=200)


media = table_of(MediaRow)
