"""Remembers who wants to hear when an issue is settled that is like their own."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.statements import upsert
from storage.tables.issues import follows


@dataclass(frozen=True)
class Follow:
    """A conversation that follows an issue on behalf of its own one, `own_id`."""

    issue_id: int
    thread_id: int
    own_id: int


def add(db: Connection, issue_id: int, thread_id: int, own_id: int) -> None:
    """From now on the thread follows the issue; nothing changes when it did before."""
    row = upsert(db, follows).values(issue_id=issue_id, thread_id=thread_id, own_id=own_id)
    db.execute(row.on_conflict_do_nothing())


def of(db: Connection, issue_ids: Collection[int]) -> list[Follow]:
    """Everyone who follows one of these issues, each thread once."""
    rows = select(follows).where(follows.c.issue_id.in_(issue_ids))
    found = (Follow(**row._mapping) for row in db.execute(rows.order_by(follows.c.issue_id)))
    return list({follow.thread_id: follow for follow in reversed(list(found))}.values())
