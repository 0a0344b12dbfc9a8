"""Reads a conversation as its phone shows it: what the person wrote and what reached them."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from bot.core.issues.issue import Status
from bot.core.messages import Kind
from storage.delivery.outbox import WITHHELD, Parcel
from storage.delivery.threads import Thread
from storage.tables.delivery import messages, outbox
from storage.tables.issues import issues
from storage.tables.media import media


@dataclass(frozen=True)
class Heard:
    """A message of the phone's owner; `mime` is empty without a picture or voice."""

    id: int
    key: str
    kind: Kind
    text: str
    media_id: int | None
    mime: str
    received_at: datetime
    issue_id: int | None
    fault: str | None


@dataclass(frozen=True)
class Told:
    """A message for the phone, arrived (`parcel.sent_at`) or not, and what keeps it."""

    parcel: Parcel
    not_before: datetime
    retry_at: datetime | None
    held_at: datetime | None
    gave_up_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """How far an issue has come; a moment that is None has not come yet."""

    id: int
    number: str
    status: Status
    filed_at: datetime
    accepted_at: datetime | None
    answered_at: datetime | None
    resolved_at: datetime | None
    confirmed_at: datetime | None
    rated_at: datetime | None
    closed_at: datetime | None


_HEARD = [
    *(messages.c[field.name] for field in fields(Heard) if field.name != "mime"),
    func.coalesce(media.c.mime, "").label("mime"),
]
_PARCEL = [outbox.c[field.name] for field in fields(Parcel) if field.name != "address"]
_KEPT = [outbox.c[field.name] for field in fields(Told) if field.name != "parcel"]
_PROGRESS = [issues.c[field.name] for field in fields(Progress)]


def list_heard(db: Connection, thread_id: int, until: datetime, most: int) -> list[Heard]:
    """The newest `most` messages of the person up to a moment, oldest first."""
    rows = (
        select(*_HEARD)
        .select_from(messages.outerjoin(media, media.c.id == messages.c.media_id))
        .where(messages.c.thread_id == thread_id, messages.c.received_at <= until)
        .order_by(messages.c.received_at.desc(), messages.c.id.desc())
        .limit(most)
    )
    return [Heard(**row._mapping) for row in reversed(list(db.execute(rows)))]


def list_told(db: Connection, thread: Thread, until: datetime, most: int) -> list[Told]:
    """The newest `most` messages that had reached the phone by a moment, oldest first."""
    order = (outbox.c.sent_at.desc(), outbox.c.id.desc())
    return list(reversed(_list_told(db, thread, outbox.c.sent_at <= until, order, most)))


def under_way(db: Connection, thread: Thread, most: int) -> list[Told]:
    """What has not reached the phone: waiting, held or given up; not what was withheld."""
    lost = outbox.c.sent_at.is_(None) & outbox.c.error.not_in(WITHHELD)
    return _list_told(db, thread, lost, (outbox.c.id,), most)


def after(db: Connection, thread_id: int, moment: datetime) -> tuple[int, datetime | None]:
    """How many messages lie after a moment, and the last of them: the clock was turned back."""
    count, last = 0, None
    for table, at in ((messages, messages.c.received_at), (outbox, outbox.c.sent_at)):
        where = (table.c.thread_id == thread_id) & (at > moment)
        number, latest = db.execute(select(func.count(), func.max(at)).where(where)).one()
        count += number
        last = max((candidate for candidate in (last, latest) if candidate), default=None)
    return count, last


def progress(db: Connection, ids: Collection[int]) -> dict[int, Progress]:
    """How far these issues have come, by id."""
    rows = db.execute(select(*_PROGRESS).where(issues.c.id.in_(ids)))
    return {row.id: Progress(**row._mapping) for row in rows}


def latest(db: Connection) -> Progress | None:
    """The newest issue, None before the first."""
    row = db.execute(select(*_PROGRESS).order_by(issues.c.id.desc()).limit(1)).first()
    return Progress(**row._mapping) if row else None


def mark(db: Connection) -> tuple[object, ...]:
    """Changes whenever something on any phone has; cheap enough to ask several times a second."""
    waits = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
    waiting = select(func.count(), func.sum(outbox.c.attempts), func.count(outbox.c.held_at))
    return (
        db.execute(select(func.max(messages.c.id))).scalar_one(),
        db.execute(select(func.max(outbox.c.id))).scalar_one(),
        *db.execute(waiting.where(waits)).one(),
    )


def _list_told(
    db: Connection, thread: Thread, where: ColumnElement[bool], order: Any, most: int
) -> list[Told]:
    rows = select(*_PARCEL, *_KEPT).where(outbox.c.thread_id == thread.id, where)
    return [_build_told(row, thread) for row in db.execute(rows.order_by(*order).limit(most))]


def _build_told(row: Row[Any], thread: Thread) -> Told:
    values = dict(row._mapping)
    kept = {column.name: values.pop(column.name) for column in _KEPT}
    parcel = Parcel(address=thread.address, **{**values, "options": tuple(values["options"] or ())})
    return Told(parcel, **kept)
