"""What has been put into the outbox for one phone, as a test reads it."""

from sqlalchemy import Connection, select

from bot.core.messages import Address
from storage.delivery import outbox, threads
from storage.delivery.outbox import Parcel
from storage.tables.delivery import outbox as table


def mailbox(db: Connection, address: Address) -> list[Parcel]:
    """Every parcel for an address, oldest first."""
    thread = threads.by_address(db, address)
    if thread is None:
        return []
    slots = select(table.c.id).where(table.c.thread_id == thread.id)
    return outbox.by_ids(db, list(db.execute(slots).scalars()))
