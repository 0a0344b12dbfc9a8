"""Counts what people hold, and lists what changes hands when somebody is away."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, func, or_, select

from bot.core.issues.issue import WORKED_ON, Issue
from storage.issues.access import UNSEALED
from storage.prepared import Prepared
from storage.tables.issues import issues

_OPEN_OF = Prepared(
    select(func.count().label("held")).where(
        issues.c.owner_id == bindparam("person"),
        or_(*(issues.c.status == status for status in sorted(WORKED_ON))),
    )
)


def open_of(db: Connection, person_id: int) -> int:
    """How many issues a person holds that somebody still owes the enterprise something for."""
    (row,) = _OPEN_OF(db, person=person_id)
    return int(row["held"])


def open_by(db: Connection, person_ids: Collection[int]) -> dict[int, int]:
    """The same for several people, by person; 0 for who holds nothing."""
    rows = (
        select(issues.c.owner_id, func.count())
        .where(issues.c.owner_id.in_(person_ids), issues.c.status.in_(WORKED_ON))
        .group_by(issues.c.owner_id)
    )
    counted = {row[0]: int(row[1]) for row in db.execute(rows)}
    return {person_id: counted.get(person_id, 0) for person_id in person_ids}


def list_held_or_offered(db: Connection, person_id: int) -> list[Issue]:
    """What a person holds or was offered and somebody still works on, what is due first; locked.
    Nothing sealed: that changes hands in no other way than its own."""
    theirs = or_(issues.c.owner_id == person_id, issues.c.offered_to == person_id)
    rows = select(issues).where(UNSEALED, theirs, issues.c.status.in_(WORKED_ON))
    ordered = rows.order_by(issues.c.solve_due, issues.c.id).with_for_update()
    return [Issue(**row._mapping) for row in db.execute(ordered)]
