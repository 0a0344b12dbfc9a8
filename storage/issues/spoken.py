"""Remembers when an enterprise last spoke of its open issues."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.core.issues.lifecycle import Move
from storage.tables.issues import events


def last_at(db: Connection, issue_ids: Collection[int]) -> datetime | None:
    """When any of these was last filed or supplemented; None without any."""
    if not issue_ids:
        return None
    words = events.c.move.in_((Move.FILE, Move.SUPPLEMENT))
    rows = select(func.max(events.c.at)).where(events.c.issue_id.in_(issue_ids), words)
    moment: datetime | None = db.execute(rows).scalar_one()
    return moment
