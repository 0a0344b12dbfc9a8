"""The tables of rooms, and of what platforms call our places."""

from sqlalchemy import Column, ForeignKey, Index
from sqlmodel import Field, SQLModel

from storage.columns import BIG, link


class RoomRow(SQLModel, table=True):
    """A thread in which all colleagues talk about one issue; `closed` once that is over."""

    __tablename__ = "rooms"
    thread_id: int = Field(sa_column=link("threads.id", primary=True))
    issue_id: int = Field(
        sa_column=Column(BIG, ForeignKey("issues.id"), nullable=False, unique=True)
    )
    closed: bool = False


class PlaceRow(SQLModel, table=True):
    """What a platform calls a place that we address by a name of our own (`name`): a chat that it
    made for us, a topic, a group that lives elsewhere now. `shut`: nobody can write there."""

    __tablename__ = "places"
    __table_args__ = (Index("places_at", "channel", "at"),)
    channel: str = Field(primary_key=True, max_length=20)
    name: str = Field(primary_key=True, max_length=128)
    at: str = Field(max_length=128)
    shut: bool = False


rooms = SQLModel.metadata.tables[RoomRow.__tablename__]
places = SQLModel.metadata.tables[PlaceRow.__tablename__]
