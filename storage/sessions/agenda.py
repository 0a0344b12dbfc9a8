"""Remembers agendas: what was to come up at each session and what became of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.sessions.agenda import Item, Outcome
from bot.core.sessions.session import Session, Stage
from storage.bulk import add_all, save_all
from storage.issues.access import UNSEALED
from storage.tables.issues import issues
from storage.tables.sessions import items, sessions


def of_session(db: Connection, session_id: int) -> list[Item]:
    """A session's agenda in its order; what was taken off comes last."""
    rows = select(items).where(items.c.session_id == session_id)
    ordered = rows.order_by(items.c.place == 0, items.c.place, items.c.id)
    return [Item(**row._mapping) for row in db.execute(ordered)]


def write(db: Connection, session_id: int, wanted: Iterable[Item]) -> list[Item]:
    """Make the session's agenda what is wanted. It is a draft until the evening: what was settled
    elsewhere before then was never on it."""
    known = {item.id: item for item in of_session(db, session_id)}
    found = list(wanted)
    save_all(db, items, [item for item in found if item.id and known.get(item.id) != item])
    fresh = [item for item in found if not item.id]
    add_all(db, items, [_in(item, session_id) for item in fresh])
    kept = {item.id for item in found}
    gone = [item.id for item in known.values() if item.id not in kept]
    if gone:
        values = {"outcome": Outcome.GONE, "place": 0}
        db.execute(update(items).where(items.c.id.in_(gone)).values(**values))
    return of_session(db, session_id)


def save(db: Connection, changed: Item) -> None:
    """Write one item over what was there."""
    save_all(db, items, [changed])


def add(db: Connection, item: Item) -> Item:
    """A new item; the value with its id."""
    (added,) = add_all(db, items, [item])
    return added


def get(db: Connection, item_id: int) -> Item:
    """The item with this id; NoResultFound without it."""
    return Item(**db.execute(select(items).where(items.c.id == item_id)).one()._mapping)


def before(db: Connection, session: Session) -> list[tuple[Item, Stage]]:
    """Every item of every other session, the oldest session first, with that session's stage."""
    rows = (
        select(items, sessions.c.stage)
        .join(sessions, sessions.c.id == items.c.session_id)
        .where(items.c.session_id != session.id)
        .order_by(sessions.c.starts_at, items.c.id)
    )
    return [_with_stage(dict(row._mapping)) for row in db.execute(rows)]


def open_issues(db: Connection) -> list[Issue]:
    """Every issue for which somebody owes an enterprise something, by id; what was merged into
    another one is dealt with there, and nothing sealed comes up."""
    open_ones = issues.c.status.in_(WORKED_ON) & issues.c.merged_into.is_(None)
    rows = select(issues).where(UNSEALED, open_ones).order_by(issues.c.id)
    return [Issue(**row._mapping) for row in db.execute(rows)]


def issues_by_id(db: Connection, ids: Iterable[int]) -> dict[int, Issue]:
    """These issues, whatever their stage."""
    rows = select(issues).where(issues.c.id.in_(sorted(set(ids))))
    return {row.id: Issue(**row._mapping) for row in db.execute(rows)}


def _in(item: Item, session_id: int) -> Item:
    return replace(item, session_id=session_id)


def _with_stage(values: dict[str, Any]) -> tuple[Item, Stage]:
    stage: Stage = values.pop("stage")
    return Item(**values), stage
