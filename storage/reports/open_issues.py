"""Counts and lists what stood open at a moment, now or at the end of a week long past."""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from bot.core.issues.issue import WORKED_ON, Status
from bot.core.reports.figures import WORST, Late, Open
from storage.issues.access import UNSEALED
from storage.tables.issues import issues
from storage.tables.people import enterprises, people

# Without values, as the indexes have it: SQLite uses one only where it sees the same words.
WITHDRAWN = issues.c.status == literal_column(f"'{Status.WITHDRAWN}'")
_OWED = and_(issues.c.resolved_at.is_(None), issues.c.closed_at.is_(None))
T = TypeVar("T")
_COLUMNS = ("id", "category", "solve_due", "paused_at", "merged_into", "status")


def count_open(
    db: Connection, scope: ColumnElement[bool], at: datetime
) -> tuple[Open, dict[str, int]]:
    """How much was open at a moment within a scope of `issues`; and by category."""
    seen = _open_at(scope, at)
    late, merged = _is_overdue(seen, at), seen.c.merged_into.is_not(None)
    parts = (
        func.count(),
        count_if(late),
        count_if(and_(_stands(seen, at), ~merged)),
        count_if(merged),
        count_if(and_(seen.c.status == Status.PLANNED, not_(late), ~merged)),
    )
    found = db.execute(select(seen.c.category, *parts).group_by(seen.c.category)).all()
    whole = Open(*(sum(row[place] for row in found) for place in range(1, 6)))
    return whole, {row[0]: row[1] for row in found}


def overdue(
    db: Connection, at: datetime, firms: Collection[int] | None = None, most: int = WORST
) -> list[Late]:
    """What was overdue at a moment (see `bot.core.reports.figures.Open`), the longest first."""
    late = _open_at(of_firms(firms), at)
    chosen = (
        select(late.c.id, late.c.solve_due)
        .where(_is_overdue(late, at))
        .order_by(_hide_index(late.c.solve_due), late.c.id)
        .limit(most)
        .subquery()
    )
    names = (issues.c.id, issues.c.number, issues.c.title, enterprises.c.name, people.c.name)
    rows = (
        select(*names, issues.c.solve_due)
        .select_from(chosen.join(issues, issues.c.id == chosen.c.id))
        .join(enterprises, enterprises.c.id == issues.c.enterprise_id, isouter=True)
        .join(people, people.c.id == issues.c.owner_id, isouter=True)
        .order_by(chosen.c.solve_due, chosen.c.id)
    )
    return [Late(*row, late=at - row[-1]) for row in db.execute(rows)]


def is_late(at: datetime) -> ColumnElement[bool]:
    """Open issues whose clock runs and of which any part was owed by a moment: accepted, answered
    or solved."""
    accept = and_(issues.c.accepted_at.is_(None), issues.c.accept_due <= at)
    answer = and_(issues.c.answered_at.is_(None), issues.c.answer_due <= at)
    early = and_(issues.c.status != Status.PLANNED, or_(accept, answer))
    missed = or_(early, issues.c.solve_due <= at)
    runs = and_(issues.c.paused_at.is_(None), issues.c.merged_into.is_(None))
    return and_(issues.c.status.in_(WORKED_ON), runs, missed)


def of_firms(firms: Collection[int] | None) -> ColumnElement[bool]:
    """The firms' issues, found by their moments: by firm it would be all that they ever filed."""
    return true() if firms is None else _hide_index(issues.c.enterprise_id).in_(sorted(firms))


def _hide_index(column: ColumnElement[T]) -> ColumnElement[T]:
    """The column's value, of which the databases know no index: without statistics SQLite takes
    the wrong one."""
    return func.coalesce(column, column)


def _open_at(scope: ColumnElement[bool], at: datetime) -> FromClause:
    """What was open at a moment: what still is, and what was settled since. Each branch has an
    index of its own, so that the cost grows with what is open, not with what ever was."""
    columns = [issues.c[name] for name in _COLUMNS]
    before = and_(_hide_index(issues.c.filed_at) < at, UNSEALED, scope)
    since = issues.c.resolved_at >= at
    gone = and_(WITHDRAWN, issues.c.closed_at >= at)
    branches = (select(*columns).where(before, condition) for condition in (_OWED, since, gone))
    return union_all(*branches).subquery()


def _is_overdue(late: FromClause, at: datetime) -> ColumnElement[bool]:
    return and_(
        _hide_index(late.c.solve_due) <= at, not_(_stands(late, at)), late.c.merged_into.is_(None)
    )


def _stands(late: FromClause, at: datetime) -> ColumnElement[bool]:
    return and_(late.c.paused_at.is_not(None), late.c.paused_at < at)


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group fulfil a condition."""
    return func.count().filter(condition)
