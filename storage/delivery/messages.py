"""Remembers every word that reached the bot."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select

from bot.core.messages import Incoming
from bot.core.people import Role
from storage.prepared import Prepared
from storage.tables.delivery import messages, threads
from storage.tables.people import people

_KEEP = Prepared(insert(messages))


@dataclass(frozen=True)
class Kept:
    """A message as it was written down."""

    key: str
    text: str
    media_id: int | None
    issue_id: int | None


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
        text=incoming.content.words,
        media_id=media_id,
        issue_id=issue_id,
        sent_at=incoming.sent_at,
        received_at=now,
        fault=fault,
        sender=incoming.sender.user if incoming.sender else None,
    )


def last_of_firms(db: Connection, issue_ids: Collection[int]) -> dict[int, int]:
    """For each of these issues of which an enterprise has written, the id of its last message."""
    whose = func.coalesce(threads.c.person_id, threads.c.former_id)
    theirs = people.c.role.is_(None) | (people.c.role == Role.CONTACT)
    rows = (
        select(messages.c.issue_id, func.max(messages.c.id).label("last"))
        .select_from(messages)
        .join(threads, threads.c.id == messages.c.thread_id)
        .outerjoin(people, people.c.id == whose)
        .where(messages.c.issue_id.in_(issue_ids), messages.c.sender.is_(None), theirs)
        .group_by(messages.c.issue_id)
    )
    return {row.issue_id: row.last for row in db.execute(rows)}


def by_key(db: Connection, key: str) -> Kept | None:
    """The message of this once-key, or None."""
    return _first(db, messages.c.key == key)


def last_of(db: Connection, thread_id: int) -> Kept | None:
    """The message of a thread before the one that is being answered, or None."""
    names = (messages.c[name] for name in Kept.__dataclass_fields__)
    rows = select(*names).where(messages.c.thread_id == thread_id, messages.c.text != "")
    row = db.execute(rows.order_by(messages.c.id.desc()).limit(1)).first()
    return Kept(**row._mapping) if row else None


def of_album(db: Connection, thread_id: int, album: str) -> Kept | None:
    """The first thing of an album that reached a thread, or None; the keys of all of them begin
    with `album`."""
    mine = messages.c.thread_id == thread_id
    return _first(db, mine & messages.c.key.startswith(album, autoescape=True))


def _first(db: Connection, where: ColumnElement[bool]) -> Kept | None:
    names = (messages.c[name] for name in Kept.__dataclass_fields__)
    row = db.execute(select(*names).where(where).order_by(messages.c.id).limit(1)).first()
    return Kept(**row._mapping) if row else None
