"""Remembers one-time links to pictures and papers; their secrets only as hashes."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage.tables.links import links

LENGTH = 24
"""Bytes of chance in a link: nobody guesses one."""


@dataclass(frozen=True)
class Link:
    """What a link opens, until when, and when it was opened first."""

    hash: str
    media_id: int
    thread_id: int
    expires_at: datetime
    opened_at: datetime | None


def give(db: Connection, media_id: int, thread_id: int, expires_at: datetime) -> str:
    """A new link for one conversation; its secret, which is written down nowhere."""
    secret = secrets.token_urlsafe(LENGTH)
    values = {"media_id": media_id, "thread_id": thread_id, "expires_at": expires_at}
    db.execute(insert(links).values(hash=_hash(secret), **values))
    return secret


def by_secret(db: Connection, secret: str) -> Link | None:
    """The link with this secret, or None; locked until the transaction ends."""
    names: Any = [links.c[name] for name in Link.__dataclass_fields__]
    row = db.execute(select(*names).where(links.c.hash == _hash(secret)).with_for_update()).first()
    return Link(**row._mapping) if row else None


def mark_opened(db: Connection, link: Link, now: datetime) -> None:
    """It is being looked at for the first time."""
    db.execute(update(links).where(links.c.hash == link.hash).values(opened_at=now))


def end(db: Connection, thread_ids: Collection[int], now: datetime) -> None:
    """What was given to these conversations opens nothing any more."""
    theirs = links.c.thread_id.in_(thread_ids) & (links.c.expires_at > now)
    db.execute(update(links).where(theirs).values(expires_at=now))


def forget(db: Connection, now: datetime) -> None:
    """What has expired opens nothing any more."""
    db.execute(delete(links).where(links.c.expires_at < now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
