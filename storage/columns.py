"""Column types that keep the two databases alike: UTC moments, enum values as text, big keys."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    String,
    Table,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from bot.core.issues.issue import Milestone

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


class Milestones(TypeDecorator[tuple[Milestone, ...]]):
    """The steps of a plan, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: tuple[Milestone, ...] | None, dialect: Dialect
    ) -> list[dict[str, Any]]:
        return [
            {**asdict(milestone), "day": milestone.day.isoformat()} for milestone in value or ()
        ]

    def process_result_value(
        self, value: list[dict[str, Any]] | None, dialect: Dialect
    ) -> tuple[Milestone, ...]:
        return milestones_from(value or [])


def milestones_from(rows: list[dict[str, Any]]) -> tuple[Milestone, ...]:
    """The steps of a plan from their JSON."""
    return tuple(
        Milestone(date.fromisoformat(row["day"]), row["text"], row["done"]) for row in rows
    )


class Words(TypeDecorator[tuple[str, ...]]):
    """Several short texts in their order, kept as a JSON list: values of the core are tuples."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> Any:
        return None if value is None else list(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)


def key() -> Any:
    """The primary key column of a table with numbered rows."""
    return Column(BIG, primary_key=True, autoincrement=True)


def link(target: str, *, optional: bool = False, index: bool = False, primary: bool = False) -> Any:
    """A foreign key to `table.column`."""
    return Column(BIG, ForeignKey(target), nullable=optional, index=index, primary_key=primary)


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements of SQLAlchemy's core."""
    table: Table = SQLModel.metadata.tables[str(model.__tablename__)]
    return table
