"""Column types that keep the two databases alike: UTC moments, enum values as text, big keys."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Column, DateTime, Dialect, ForeignKey, Integer, String
from sqlalchemy.types import TypeDecorator

BIG = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only for INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC. A naive one is a bug and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: pass an aware one")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        # SQLite keeps no zone: what was written there is UTC.
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


E = TypeVar("E", bound=StrEnum)


class Word(TypeDecorator[E]):
    """A StrEnum kept by its value as VARCHAR (SQLModel would store the name and a native type)."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.kind(value)


def key() -> Any:
    """The primary key column of a table with numbered rows."""
    return Column(BIG, primary_key=True, autoincrement=True)


def link(target: str, *, optional: bool = False, index: bool = False) -> Any:
    """A foreign key to `table.column`."""
    return Column(BIG, ForeignKey(target), nullable=optional, index=index)
