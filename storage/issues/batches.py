"""Lists what one message did, which one 撤销 takes back."""

from sqlalchemy import Connection, select

from storage.issues.issues import Event
from storage.tables.issues import events


def list_events_of(db: Connection, event: Event) -> list[Event]:
    """All that the same message did from the same thread, this event included, in its order."""
    same = (events.c.because == event.because, events.c.thread_id == event.thread_id)
    rows = select(events).where(*same).order_by(events.c.id)
    return [Event(**row._mapping) for row in db.execute(rows)]
