"""Reads the cards that were put before somebody about an issue."""

from sqlalchemy import Connection, select

from storage.delivery.outbox import Parcel, by_ids
from storage.tables.delivery import outbox

_MOST = 20


def list_cards(db: Connection, thread_id: int, issue_id: int) -> list[Parcel]:
    """The last messages with lines to choose from that a thread was sent about an issue, the
    newest first."""
    about = (outbox.c.thread_id == thread_id) & (outbox.c.issue_id == issue_id)
    ids = (
        select(outbox.c.id)
        .where(about, outbox.c.options.is_not(None), outbox.c.sent_at.is_not(None))
        .order_by(outbox.c.id.desc())
        .limit(_MOST)
    )
    return by_ids(db, list(db.execute(ids).scalars()))[::-1]


def find_last_issue(db: Connection, thread_id: int) -> int | None:
    """The issue of what a thread was told last; None where that was about none."""
    mine = (outbox.c.thread_id == thread_id) & outbox.c.sent_at.is_not(None)
    last = select(outbox.c.issue_id).where(mine).order_by(outbox.c.id.desc()).limit(1)
    found: int | None = db.execute(last).scalar()
    return found
