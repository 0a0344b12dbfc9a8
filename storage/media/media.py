"""Remembers pictures, voices and videos: first the platform's handle, then our own file's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core.messages import Media
from storage.tables.media import media


@dataclass(frozen=True)
class KeptMedia:
    """One thing a person sent. `path` is empty until it is fetched."""

    id: int
    channel: str
    ref: str
    path: str
    mime: str
    attempts: int


def keep(db: Connection, channel: str, item: Media, now: datetime) -> int:
    """Write it down; what is not ours yet waits to be fetched at once."""
    waits = now if not item.path else None
    values = {"channel": channel, "ref": item.ref, "path": item.path, "mime": item.mime}
    row = db.execute(insert(media).values(**values, retry_at=waits).returning(media.c.id))
    return int(row.scalar_one())


def get(db: Connection, media_id: int) -> KeptMedia:
    """The thing with this id; NoResultFound when there is none."""
    return _build_media(db.execute(select(media).where(media.c.id == media_id)).one())


def by_id(db: Connection, media_id: int) -> KeptMedia | None:
    """The thing with this id, or None."""
    row = db.execute(select(media).where(media.c.id == media_id)).first()
    return _build_media(row) if row else None


def claim_waiting(db: Connection, now: datetime, lease: timedelta, most: int) -> list[KeptMedia]:
    """Things to fetch now, put off by `lease` so that no second process takes them."""
    waiting = (
        select(media)
        .where(media.c.retry_at <= now)
        .order_by(media.c.retry_at, media.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = [_build_media(row) for row in db.execute(waiting)]
    for item in found:
        again = {"retry_at": now + lease, "attempts": item.attempts + 1}
        db.execute(update(media).where(media.c.id == item.id).values(**again))
    return found


def mark_fetched(db: Connection, media_id: int, path: str, mime: str) -> None:
    """It is ours now, under this name."""
    values = {"path": path, "mime": mime, "retry_at": None, "error": ""}
    db.execute(update(media).where(media.c.id == media_id).values(**values))


def mark_failed(db: Connection, media_id: int, error: str, retry_at: datetime | None) -> None:
    """It could not be fetched; None as `retry_at` means never again."""
    values = {"error": error[:200], "retry_at": retry_at}
    db.execute(update(media).where(media.c.id == media_id).values(**values))


def _build_media(row: Row[Any]) -> KeptMedia:
    names = ("id", "channel", "ref", "path", "mime", "attempts")
    return KeptMedia(**{name: row._mapping[name] for name in names})
