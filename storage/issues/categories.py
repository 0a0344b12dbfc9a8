"""Remembers what the office wrote for categories; the shipped taxonomy stands behind it."""

from sqlalchemy import Connection, select

from bot.core.register import ParkCategory
from storage.bulk import everything
from storage.tables.people import categories


def all_categories(db: Connection) -> list[ParkCategory]:
    """Every category that the office wrote something for, by id."""
    return everything(db, categories, ParkCategory)


def by_name(db: Connection, name: str) -> ParkCategory | None:
    """What the office wrote for the category of exactly this name, or None."""
    row = db.execute(select(categories).where(categories.c.name == name)).first()
    return ParkCategory(**row._mapping) if row else None
