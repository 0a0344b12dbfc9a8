"""What has been done once, and the serials and tokens that every process shares."""

from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from storage.columns import Moment, table_of


class OnceRow(SQLModel, table=True):
    """What has been done and must not be done again: deliveries and ticks, by their once-key."""

    __tablename__ = "once"
    key: str = Field(primary_key=True, max_length=255)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class CounterRow(SQLModel, table=True):
    """The last serial given out on a day of the park's calendar."""

    __tablename__ = "counters"
    day: date = Field(primary_key=True)
    last: int


class TokenRow(SQLModel, table=True):
    """A platform's access token, shared by every process."""

    __tablename__ = "tokens"
    name: str = Field(primary_key=True, max_length=80)
    value: str = Field(sa_column=Column(Text, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))


once, counters, tokens = table_of(OnceRow), table_of(CounterRow), table_of(TokenRow)
