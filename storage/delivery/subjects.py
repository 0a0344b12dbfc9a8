"""Reads what a message may say of the issue it is about, for whoever carries it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.core.issues.issue import Status
from storage.tables.issues import issues
from storage.tables.people import people
from storage.tables.rooms import rooms


@dataclass(frozen=True)
class Subject:
    """An issue as a letter shows it: until when it is to be solved, and who holds it, by name and
    phone (empty where nobody does)."""

    number: str
    title: str
    status: Status
    solve_due: datetime
    owner: str
    phone: str


@dataclass(frozen=True)
class Topic:
    """The issue whose room a thread is; `closed` once nothing is to be said there any more."""

    number: str
    title: str
    closed: bool


def by_issues(db: Connection, ids: Collection[int]) -> dict[int, Subject]:
    """These issues, by id."""
    if not ids:
        return {}
    names = ("id", "number", "title", "status", "solve_due")
    columns = [issues.c[name] for name in names] + [people.c.name, people.c.phone]
    rows = select(*columns).outerjoin(people, people.c.id == issues.c.owner_id)
    return {
        row.id: Subject(
            row.number, row.title, row.status, row.solve_due, row.name or "", row.phone or ""
        )
        for row in db.execute(rows.where(issues.c.id.in_(ids)))
    }


def number_of(db: Connection, issue_id: int | None) -> str:
    """The number of an issue; empty where there is none."""
    row = db.execute(select(issues.c.number).where(issues.c.id == issue_id)).first()
    return row.number if row else ""


def by_threads(db: Connection, thread_ids: Collection[int]) -> dict[int, Topic]:
    """Of these threads those that are rooms, by id."""
    rows = select(rooms.c.thread_id, rooms.c.closed, issues.c.number, issues.c.title)
    found = rows.join(issues, issues.c.id == rooms.c.issue_id)
    return {
        row.thread_id: Topic(row.number, row.title, row.closed)
        for row in db.execute(found.where(rooms.c.thread_id.in_(thread_ids)))
    }
