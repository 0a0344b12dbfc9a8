"""Reads what is to be chained: what happened, and how things stand afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, literal_column, select

from bot.core.chain.entries import Kind, Record
from storage.tables.chain import vouchers
from storage.tables.issues import events, issues
from storage.tables.sessions import promises, session_events, sessions


@dataclass(frozen=True)
class Source:
    """A table whose rows are chained: the columns that stand open and those with people's words."""

    table: Table
    facts: tuple[str, ...]
    words: tuple[str, ...]


SOURCES = {
    Kind.ISSUE_EVENT: Source(events, ("issue_id", "move", "at", "person_id", "undoes"), ("text",)),
    Kind.SESSION_EVENT: Source(
        session_events,
        ("session_id", "item_id", "promise_id", "act", "at", "person_id"),
        ("text",),
    ),
    Kind.VOUCHER: Source(vouchers, ("subject", "code", "at"), ()),
    Kind.ISSUE: Source(
        issues,
        (
            "number",
            "status",
            "filed_at",
            "accept_due",
            "answer_due",
            "solve_due",
            "accepted_at",
            "answered_at",
            "resolved_at",
            "confirmed_at",
            "closed_at",
            "plan_until",
            "merged_into",
            "stars",
            "rated_at",
        ),
        (),
    ),
    Kind.PROMISE: Source(
        promises,
        (
            "session_id",
            "serial",
            "due",
            "first_due",
            "made_at",
            "kept",
            "answer",
            "broken",
            "redated",
            "settled_at",
        ),
        ("who", "what", "reason"),
    ),
    Kind.SESSION: Source(sessions, ("number", "starts_at", "stage", "opened_at", "closed_at"), ()),
}
"""What of each table is chained. A column that is not named here may change unseen."""
_ABOUT = {
    Kind.ISSUE_EVENT: ((Kind.ISSUE, "issue_id"),),
    Kind.SESSION_EVENT: ((Kind.SESSION, "session_id"), (Kind.PROMISE, "promise_id")),
    Kind.VOUCHER: (),
}
"""How what stands now may have been changed by what happened."""
SEPARATOR = "\x1f"


def list_happened(db: Connection, kind: Kind, after: int, most: int) -> list[Record]:
    """What happened after the event `after`, in the order of ids and without one that is still in
    a transaction of somebody else: nothing may come before it later."""
    source = SOURCES[kind]
    rows = select(source.table).where(source.table.c.id > after)
    rows = _without_running(db, rows, source.table)
    return _records(db, kind, rows.order_by(source.table.c.id).limit(most))


def count_after(db: Connection, kind: Kind, after: int) -> int:
    """How many events there are that are not chained yet."""
    table = SOURCES[kind].table
    return db.execute(select(func.count()).where(table.c.id > after)).scalar_one()


def list_standing(db: Connection, kind: Kind, ids: Collection[int]) -> list[Record]:
    """How these stand now, by id."""
    table = SOURCES[kind].table
    rows = select(table).where(table.c.id.in_(sorted(ids))).order_by(table.c.id)
    return _records(db, kind, rows) if ids else []


def list_all(db: Connection, kind: Kind, after: int, most: int) -> list[Record]:
    """The rows there are after `after`, by id."""
    table = SOURCES[kind].table
    return _records(
        db, kind, select(table).where(table.c.id > after).order_by(table.c.id).limit(most)
    )


def find_changed(happened: Collection[Record]) -> dict[Kind, set[int]]:
    """What may stand differently after these events."""
    changed: dict[Kind, set[int]] = {}
    for record in happened:
        for kind, column in _ABOUT[record.kind]:
            if record.facts[column] is not None:
                changed.setdefault(kind, set()).add(record.facts[column])
    return changed


def _records(db: Connection, kind: Kind, rows: Select[Any]) -> list[Record]:
    return [_record(kind, row) for row in db.execute(rows)]


def _record(kind: Kind, row: Row[Any]) -> Record:
    source, values = SOURCES[kind], row._mapping
    facts = {name: values[name] for name in source.facts}
    return Record(kind, values["id"], facts, SEPARATOR.join(values[name] for name in source.words))


def _without_running(db: Connection, rows: Select[Any], table: Table) -> Select[Any]:
    """SQLite has one writer. PostgreSQL gives ids before the commit: a row is taken only when every
    transaction that began before its own has ended."""
    if db.dialect.name != "postgresql":
        return rows
    ended: ColumnElement[bool] = literal_column(
        f"age({table.name}.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::text::xid)"
    )
    oldest = select(func.min(table.c.id)).where(~ended).scalar_subquery()
    return rows.where(func.coalesce(table.c.id < oldest, True))
