"""Remembers who is away, from when to when, and who stands in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.bulk import add_all
from storage.prepared import Prepared
from storage.tables.people import absences

_AWAY = Prepared(
    select(absences.c.person_id, absences.c.substitute_id)
    .where(
        absences.c.ended_at.is_(None),
        absences.c.first <= bindparam("day"),
        absences.c.last >= bindparam("day"),
    )
    .order_by(absences.c.id)
)


@dataclass(frozen=True)
class Absence:
    """One absence; `first` and `last` are days of the park's calendar, both included."""

    id: int
    person_id: int
    first: date
    last: date
    substitute_id: int | None
    entered_by: int | None
    begun_at: datetime | None = None
    ended_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.ended_at is None and self.first <= day <= self.last


def away_on(db: Connection, day: date) -> dict[int, int | None]:
    """Who is away on a day and whom they named to stand in; the last word counts."""
    return {row["person_id"]: row["substitute_id"] for row in _AWAY(db, day=day)}


def enter(
    db: Connection,
    person_id: int,
    first: date,
    last: date,
    substitute_id: int | None,
    entered_by: int | None,
) -> Absence:
    """A new absence."""
    draft = Absence(0, person_id, first, last, substitute_id, entered_by)
    (added,) = add_all(db, absences, [draft])
    return added


def change(db: Connection, absence_id: int, **fields: Any) -> None:
    """Set fields of an absence, such as `ended_at=now`."""
    db.execute(update(absences).where(absences.c.id == absence_id).values(**fields))


def open_of(db: Connection, person_id: int) -> list[Absence]:
    """A person's absences that are not over, the next first."""
    return _list_absences(db, absences.c.person_id == person_id)


def to_begin(db: Connection, day: date) -> list[Absence]:
    """Those that have come to their first day and were not begun."""
    return _list_absences(db, absences.c.begun_at.is_(None) & (absences.c.first <= day))


def to_end(db: Connection, day: date) -> list[Absence]:
    """Those whose last day is over."""
    return _list_absences(db, absences.c.last < day)


def _list_absences(db: Connection, where: Any) -> list[Absence]:
    rows = select(absences).where(where, absences.c.ended_at.is_(None))
    found = db.execute(rows.order_by(absences.c.first, absences.c.id))
    return [Absence(**row._mapping) for row in found]
