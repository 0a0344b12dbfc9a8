"""Remembers every word that reached the bot."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.core.messages import Incoming
from storage.prepared import Prepared
from storage.tables import messages

_KEEP = Prepared(insert(messages))


def keep(
    db: Connection,
    incoming: Incoming,
    thread_id: int,
    now: datetime,
    *,
    media_id: int | None = None,
    issue_id: int | None = None,
    fault: str | None = None,
) -> None:
    """Write the message down; `fault` is the reference of a handler's failure."""
    _KEEP(
        db,
        key=incoming.key,
        thread_id=thread_id,
        kind=incoming.content.kind,
        text=incoming.content.text,
        media_id=media_id,
        issue_id=issue_id,
        sent_at=incoming.sent_at,
        received_at=now,
        fault=fault,
    )


def texts_of(db: Connection, issue_id: int) -> list[str]:
    """The words that were kept for an issue, oldest first."""
    rows = select(messages.c.text).where(messages.c.issue_id == issue_id).order_by(messages.c.id)
    return list(db.execute(rows).scalars())
