"""Remembers whether a weekly word has reached its readers and whether they have spoken since."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.core.people import Person
from storage.tables.delivery import outbox, threads
from storage.tables.people import people


@dataclass(frozen=True)
class Reader:
    """Somebody to whom words of one kind were put into the outbox. `sent_at` is when they arrived,
    None while they have not; `heard_at` when the person last wrote or tapped, anywhere."""

    person: Person
    sent_at: datetime | None
    heard_at: datetime | None

    @property
    def has_read(self) -> bool:
        """Any word or tap after the arrival counts, on whatever channel: nobody is made to confirm
        what they have seen."""
        return bool(self.sent_at and self.heard_at and self.heard_at > self.sent_at)


def of_kind(db: Connection, kind: str, since: datetime) -> list[Reader]:
    """Everybody for whom words of this kind were made since a moment, by id; of several, the last
    to arrive counts."""
    told = (
        select(threads.c.person_id.label("person"), func.max(outbox.c.sent_at).label("sent"))
        .join(threads, threads.c.id == outbox.c.thread_id)
        .where(outbox.c.kind == kind, outbox.c.created_at >= since)
        .group_by(threads.c.person_id)
        .subquery()
    )
    heard = select(threads.c.person_id, func.max(threads.c.heard_at).label("heard"))
    spoken = heard.group_by(threads.c.person_id).subquery()
    rows = (
        select(people, told.c.sent, spoken.c.heard)
        .join(told, told.c.person == people.c.id)
        .outerjoin(spoken, spoken.c.person_id == people.c.id)
        .order_by(people.c.id)
    )
    return [
        Reader(
            Person(**{column.name: row._mapping[column] for column in people.c}),
            row.sent,
            row.heard,
        )
        for row in db.execute(rows)
    ]
