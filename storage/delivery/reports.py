"""Remembers under which name a platform reports later what became of a message of ours."""

from collections.abc import Collection

from sqlalchemy import Connection, or_, select, update

from storage.delivery.outbox import Parcel, by_ids
from storage.tables.delivery import outbox, threads


def keep_name(db: Connection, parcel_id: int, report_id: str) -> None:
    """What was just sent for this parcel goes by this name; any later send forgets it."""
    db.execute(update(outbox).where(outbox.c.id == parcel_id).values(report_id=report_id))


def list_carried(db: Connection, channel: str, user: str, report_id: str) -> list[Parcel]:
    """The parcels of a person that a message of this name carried, whole or as a short notice, and
    that nothing has carried since."""
    theirs = (threads.c.channel == channel) & (threads.c.address == user)
    rests = or_(outbox.c.sent_at.is_not(None), outbox.c.held_at.is_not(None))
    ids = (
        select(outbox.c.id)
        .join(threads, threads.c.id == outbox.c.thread_id)
        .where(outbox.c.report_id == report_id, theirs, rests, outbox.c.gave_up_at.is_(None))
    )
    return by_ids(db, list(db.execute(ids).scalars()))


def unsend(db: Connection, ids: Collection[int]) -> None:
    """These wait again: the message that carried them has not arrived."""
    values = {"sent_at": None, "report_id": None, "look_at": outbox.c.not_before}
    db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**values))
