"""Remembers firms, the grids they lie in and the projects they build."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from bot.core.issues.issue import WORKED_ON
from bot.core.names.recognizer import NameEntry
from bot.core.people import Person
from bot.core.register import Grid
from storage.bulk import add_all
from storage.issues.access import UNSEALED
from storage.tables.issues import issues
from storage.tables.people import enterprises, grids, people, projects


def name_entries(db: Connection) -> list[NameEntry]:
    """What `bot.core.names.recognizer.NameIndex` is built from."""
    names = select(enterprises.c.id, enterprises.c.name, enterprises.c.aliases)
    return [NameEntry(*row) for row in db.execute(names.order_by(enterprises.c.id))]


def open_issues(db: Connection, ids: Collection[int]) -> dict[int, int]:
    """How much is being worked on for each of these, those without anything left out."""
    mine = UNSEALED & issues.c.enterprise_id.in_(ids) & issues.c.status.in_(WORKED_ON)
    counted = select(issues.c.enterprise_id, func.count()).where(mine)
    rows = db.execute(counted.group_by(issues.c.enterprise_id))
    return {row[0]: row[1] for row in rows}


def grid(db: Connection, grid_id: int | None) -> Grid | None:
    """The grid with this id, or None."""
    row = db.execute(select(grids).where(grids.c.id == grid_id)).first()
    return Grid(**row._mapping) if row else None


def add_grid(db: Connection, name: str, *, liaison_id: int | None = None) -> int:
    """A new grid; its id."""
    (added,) = add_all(db, grids, [Grid(0, name, liaison_id)])
    return added.id


def task_force_of(db: Connection, enterprise_id: int) -> list[Person]:
    """The people behind an enterprise's projects who have not left, each once, by id."""
    behind = select(projects.c.task_force_id).where(projects.c.enterprise_id == enterprise_id)
    theirs = people.c.task_force_id.in_(behind) & people.c.ended_at.is_(None)
    rows = select(people).where(theirs).order_by(people.c.id)
    return [Person(**row._mapping) for row in db.execute(rows)]
