"""What was on its way to somebody who is not there any more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.delivery.outbox import PARTED, Parcel, by_ids
from storage.tables.delivery import outbox

_WAITS = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)


def list_waiting(db: Connection, thread_ids: Collection[int]) -> list[Parcel]:
    """What has not left for these threads, oldest first."""
    ids = db.execute(select(outbox.c.id).where(outbox.c.thread_id.in_(thread_ids), _WAITS))
    return by_ids(db, list(ids.scalars()))


def hand_on(db: Connection, parcel_id: int, thread_id: int, text: str) -> None:
    """A message that has not left goes to somebody else, in these words and without its menu."""
    fresh = {"held_at": None, "retry_at": None, "leased_until": None, "attempts": 0, "slot": None}
    where = (outbox.c.id == parcel_id) & _WAITS
    values = {"thread_id": thread_id, "text": text, "options": None, **fresh}
    look_at = outbox.c.not_before
    db.execute(update(outbox).where(where).values(**values, look_at=look_at))


def bring_back(db: Connection, thread_ids: Collection[int], at: datetime) -> None:
    """What was withheld at a moment because its reader had left is to leave after all."""
    withheld = (outbox.c.gave_up_at == at) & (outbox.c.error == PARTED)
    where = outbox.c.thread_id.in_(thread_ids) & withheld
    db.execute(update(outbox).where(where).values(gave_up_at=None, look_at=at, error=""))
