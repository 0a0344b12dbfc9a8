"""Remembers the roots that were published."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from storage.tables.chain import roots


@dataclass(frozen=True)
class Root:
    """One published root; see the table."""

    number: int
    day: date
    size: int
    tree: bytes
    root: bytes
    left_out: int
    published_at: datetime


def add(db: Connection, root: Root) -> None:
    """Publish it."""
    db.execute(insert(roots).values(**vars(root)))


def everything(db: Connection) -> list[Root]:
    """All of them, the first first."""
    return [Root(**row._mapping) for row in db.execute(select(roots).order_by(roots.c.number))]


def last(db: Connection, at: datetime | None = None) -> Root | None:
    """The latest, or the latest that was published by a moment; None before the first."""
    rows = select(roots).order_by(roots.c.number.desc()).limit(1)
    row = db.execute(rows if at is None else rows.where(roots.c.published_at <= at)).first()
    return Root(**row._mapping) if row else None


def find_covering(db: Connection, seq: int) -> Root | None:
    """The first root in which an entry is, or None while it is in none."""
    rows = select(roots).where(roots.c.size >= seq).order_by(roots.c.number).limit(1)
    row = db.execute(rows).first()
    return Root(**row._mapping) if row else None


def before(db: Connection, root: Root) -> Root | None:
    """The root before this one, or None for the first."""
    row = db.execute(select(roots).where(roots.c.number == root.number - 1)).first()
    return Root(**row._mapping) if row else None
