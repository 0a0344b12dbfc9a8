"""What stands in somebody's name, and how all of it comes to stand in another's, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, exists, select, update

from bot.core.issues.issue import WORKED_ON
from bot.core.leaders.reforms import Standing
from bot.core.sessions.agenda import Outcome
from bot.core.sessions.promises import Kept
from storage import revisions
from storage.bulk import WATCHED
from storage.issues.access import UNSEALED
from storage.tables.decisions import decisions
from storage.tables.issues import issues
from storage.tables.people import absences, enterprises, grids
from storage.tables.projects import plans
from storage.tables.reforms import reforms
from storage.tables.sessions import items, promises

_OPEN = UNSEALED & issues.c.status.in_(WORKED_ON)
"""Sealed matters change hands in no other way than their own."""
_PLACES: tuple[tuple[str, Column[Any], ColumnElement[bool] | None], ...] = (
    ("liaison", enterprises.c.liaison_id, None),
    ("deputy", enterprises.c.deputy_id, None),
    ("leader", enterprises.c.leader_id, None),
    ("grid", grids.c.liaison_id, None),
    ("promise", promises.c.person_id, promises.c.kept == Kept.OPEN),
    ("project", plans.c.leader_id, plans.c.done_on.is_(None) & plans.c.dropped_at.is_(None)),
    ("reform", reforms.c.owner_id, reforms.c.standing.in_((Standing.PROPOSED, Standing.APPROVED))),
    ("item", items.c.owner_id, items.c.outcome == Outcome.OPEN),
    ("superior", issues.c.superior_id, _OPEN),
    ("sponsor", issues.c.leader_id, _OPEN),
    ("substitute", absences.c.substitute_id, absences.c.ended_at.is_(None)),
)
"""Each place where a person's id says that something is theirs, and while what it is. Matters that
somebody holds are none of these: they are offered, and taken by a tap."""
_COLUMNS = {name: column for name, column, _while in _PLACES} | {"decision": decisions.c.leader_id}
Moved = Mapping[str, Sequence[int]]
"""The ids of the rows, by the name of the place."""


def move(db: Connection, person_id: int, to_id: int | None) -> dict[str, list[int]]:
    """Everything of a person's that stands open is `to_id`'s, or nobody's; what that was."""
    moved = {
        name: _move(db, column, (column == person_id) & condition if condition is not None
                    else column == person_id, to_id)
        for name, column, condition in _PLACES
    }  # fmt: skip
    moved["decision"] = _move_decisions(db, person_id, to_id)
    doubled = (enterprises.c.liaison_id == to_id) & (enterprises.c.deputy_id == to_id)
    if to_id is not None:
        db.execute(update(enterprises).where(doubled).values(deputy_id=None))
    return {name: ids for name, ids in moved.items() if ids}


def move_back(db: Connection, person_id: int, to_id: int | None, moved: Moved) -> None:
    """What `move` did is undone where it still stands."""
    for name, ids in moved.items():
        column = _COLUMNS[name]
        key = _key(column)
        still = column == to_id if to_id is not None else column.is_(None)
        where = key.in_(ids) & still
        # A deputy who became the liaison was no deputy any more: the place is empty.
        if name == "deputy":
            where = key.in_(ids) & (still | column.is_(None))
        db.execute(update(column.table).where(where).values({column: person_id}))
        _count(db, column)


def list_names(db: Connection, name: str, ids: Iterable[int]) -> list[str]:
    """How the firms of a place are called, by id."""
    assert _COLUMNS[name].table is enterprises
    rows = select(enterprises.c.name).where(enterprises.c.id.in_(list(ids)))
    return list(db.execute(rows.order_by(enterprises.c.id)).scalars())


def _move(
    db: Connection, column: Column[Any], where: ColumnElement[bool], to_id: int | None
) -> list[int]:
    ids = list(db.execute(select(_key(column)).where(where).order_by(_key(column))).scalars())
    if ids:
        theirs = _key(column).in_(ids)
        db.execute(update(column.table).where(theirs).values({column: to_id}))
        _count(db, column)
    return ids


def _move_decisions(db: Connection, person_id: int, to_id: int | None) -> list[int]:
    """What waits for a leader waits for another; without one it stays as a record of what was put
    to whom. What was put to both is answered once."""
    if to_id is None:
        return []
    other = decisions.alias("other")
    both = exists().where(
        other.c.leader_id == to_id,
        other.c.week == decisions.c.week,
        other.c.issue_id == decisions.c.issue_id,
    )
    waits = (decisions.c.leader_id == person_id) & decisions.c.choice.is_(None)
    return _move(db, decisions.c.leader_id, waits & ~both, to_id)


def _key(column: Column[Any]) -> Column[Any]:
    (key,) = column.table.primary_key.columns
    return key


def _count(db: Connection, column: Column[Any]) -> None:
    if column.table.name in WATCHED:
        revisions.mark_written(db, column.table.name)
