"""Remembers who helps with an issue (协办)."""

from sqlalchemy import Connection, delete, select

from bot.core.people import Person
from storage.statements import upsert
from storage.tables.issues import assists
from storage.tables.people import people


def add(db: Connection, issue_id: int, person_id: int) -> None:
    """From now on this person helps; nothing changes when they did before."""
    row = upsert(db, assists).values(issue_id=issue_id, person_id=person_id)
    db.execute(row.on_conflict_do_nothing())


def remove(db: Connection, issue_id: int, person_id: int) -> bool:
    """From now on this person helps no more; False when they did not."""
    both = (assists.c.issue_id == issue_id) & (assists.c.person_id == person_id)
    return db.execute(delete(assists).where(both)).rowcount > 0


def list_helped(db: Connection, person_id: int) -> list[int]:
    """The ids of the issues that a person helps with."""
    rows = select(assists.c.issue_id).where(assists.c.person_id == person_id)
    return list(db.execute(rows.order_by(assists.c.issue_id)).scalars())


def helpers(db: Connection, issue_id: int) -> list[Person]:
    """Everyone who helps with an issue, by id."""
    rows = (
        select(people)
        .join(assists, assists.c.person_id == people.c.id)
        .where(assists.c.issue_id == issue_id)
        .order_by(people.c.id)
    )
    return [Person(**row._mapping) for row in db.execute(rows)]


def helps(db: Connection, issue_id: int, person_id: int) -> bool:
    """Whether this person helps with an issue."""
    both = (assists.c.issue_id == issue_id) & (assists.c.person_id == person_id)
    return db.execute(select(assists.c.issue_id).where(both)).first() is not None


def remove_all(db: Connection, issue_id: int) -> None:
    """Nobody helps any more."""
    db.execute(delete(assists).where(assists.c.issue_id == issue_id))
