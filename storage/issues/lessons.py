"""Remembers what people corrected, and the models that were learned from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.prepared import Prepared
from storage.tables.learning import lessons, models


@dataclass(frozen=True)
class Lesson:
    """Somebody said: this text belongs to this category (an id of the taxonomy)."""

    id: int
    text: str
    category: str


@dataclass(frozen=True)
class KeptModel:
    """One learned model. It has seen the lessons up to `upto`; `right` of `checked` messages of the
    check set it put where they belong. `data` is an npz file."""

    id: int
    taxonomy: str
    version: str
    made_at: datetime
    upto: int
    right: int
    checked: int
    active: bool
    data: bytes


@dataclass(frozen=True)
class State:
    """What tells that anything has been learned: the model in use, the last lesson, and how many
    lessons were taken back."""

    model_id: int | None
    last: int
    void: int


_STATE = Prepared(
    select(
        select(func.max(models.c.id))
        .where(models.c.active, models.c.taxonomy == bindparam("taxonomy"))
        .scalar_subquery()
        .label("model_id"),
        select(func.coalesce(func.max(lessons.c.id), 0)).scalar_subquery().label("last"),
        select(func.count()).where(lessons.c.void).scalar_subquery().label("void"),
    )
)


def state(db: Connection, taxonomy: str) -> State:
    """How things stand, in one look."""
    (row,) = _STATE(db, taxonomy=taxonomy)
    return State(**row)


def teach(
    db: Connection, issue_id: int, text: str, category: str, because: str, now: datetime
) -> None:
    """Keep one lesson."""
    values = {"issue_id": issue_id, "text": text, "category": category, "because": because}
    db.execute(insert(lessons).values(**values, at=now, void=False))


def take_back(db: Connection, because: str) -> None:
    """The lessons of one turn are no lessons any more: the correction was undone."""
    db.execute(update(lessons).where(lessons.c.because == because).values(void=True))


def since(db: Connection, upto: int) -> list[Lesson]:
    """The lessons after `upto`, oldest first, without those taken back."""
    rows = select(lessons.c.id, lessons.c.text, lessons.c.category).where(
        lessons.c.id > upto, ~lessons.c.void
    )
    return [Lesson(**row._mapping) for row in db.execute(rows.order_by(lessons.c.id))]


def active(db: Connection, taxonomy: str) -> KeptModel | None:
    """The model in use for this taxonomy; None is the first day's."""
    rows = select(models).where(models.c.active, models.c.taxonomy == taxonomy)
    row = db.execute(rows.order_by(models.c.id.desc()).limit(1)).first()
    return KeptModel(**row._mapping) if row else None


def keep(db: Connection, now: datetime, **values: Any) -> None:
    """A newly learned model takes over."""
    drop(db, values["taxonomy"])
    db.execute(insert(models).values(**values, made_at=now, active=True))


def drop(db: Connection, taxonomy: str) -> None:
    """No model of this taxonomy is in use: the first day's counts."""
    db.execute(update(models).where(models.c.taxonomy == taxonomy).values(active=False))


def back(db: Connection, taxonomy: str) -> KeptModel | None:
    """The model before the one in use takes over; None is the first day's."""
    current = active(db, taxonomy)
    drop(db, taxonomy)
    if current is None:
        return None
    earlier = select(models).where(models.c.taxonomy == taxonomy, models.c.id < current.id)
    row = db.execute(earlier.order_by(models.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    db.execute(update(models).where(models.c.id == row.id).values(active=True))
    return KeptModel(**{**row._mapping, "active": True})


def history(db: Connection, taxonomy: str) -> list[KeptModel]:
    """Every model of this taxonomy, oldest first."""
    rows = select(models).where(models.c.taxonomy == taxonomy).order_by(models.c.id)
    return [KeptModel(**row._mapping) for row in db.execute(rows)]
