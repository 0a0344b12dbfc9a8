"""Remembers what a person was told last: what they may speak of without naming it."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from storage.prepared import Prepared
from storage.tables.delivery import outbox

_LAST = Prepared(
    select(outbox.c.kind, outbox.c.issue_id)
    .where(outbox.c.thread_id == bindparam("thread"), outbox.c.sent_at.is_not(None))
    .order_by(outbox.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Shown:
    """A message that was sent: the key of its words, and the issue it was about."""

    kind: str
    issue_id: int | None


def last_of(db: Connection, thread_id: int) -> Shown | None:
    """What this thread was told last; None where nothing was."""
    row = _LAST.first(db, thread=thread_id)
    return Shown(**row) if row else None
