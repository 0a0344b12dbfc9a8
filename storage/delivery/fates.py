"""Reads what became of the words that were sent to an enterprise about one issue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.delivery.outbox import WITHHELD
from storage.delivery.undelivered import Wait, state
from storage.tables.delivery import outbox

TOLD = ("news.answered", "news.asked", "result.resolved")
"""Words that somebody of the staff wrote to the enterprise."""


@dataclass(frozen=True)
class Fate:
    """Arrived at `sent_at`, or why it has not: `error` begins with a key of the texts; `until` is
    when it is tried next, None where nobody knows."""

    sent_at: datetime | None
    wait: Wait
    until: datetime | None
    error: str


def of_issue(
    db: Connection, issue_id: int, becauses: Collection[str], now: datetime
) -> dict[str, Fate]:
    """By the once-key of the message that said them; what was undone is left out."""
    ours = outbox.c.because.in_(becauses) & (outbox.c.issue_id == issue_id)
    told = outbox.c.kind.in_(TOLD) & outbox.c.error.not_in(WITHHELD)
    rows = select(outbox).where(ours, told).order_by(outbox.c.id)
    found = {}
    for row in db.execute(rows):
        wait, until = state(row, now)
        found[row.because] = Fate(row.sent_at, wait, until, row.error)
    return found
