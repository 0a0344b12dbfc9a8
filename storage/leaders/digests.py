"""Remembers what leaders were told of each week, and the pictures that belong to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.core.days.weeks import Week
from bot.core.messages import Media
from storage.media import media
from storage.tables.digests import digests

SOURCE = "digest"
"""Where a digest's picture is fetched from: it is painted, not received."""


@dataclass(frozen=True)
class Digest:
    """One leader's digest of one week (its ISO name); `facts` as they were kept."""

    id: int
    week: str
    leader_id: int
    facts: str
    media_id: int
    made_at: datetime


def keep(db: Connection, week: Week, leader_id: int, facts: str, now: datetime) -> Digest:
    """Write it down; its picture is a thing that waits to be fetched. IntegrityError for a second
    one of the same leader and week."""
    ref = f"{week}/{leader_id}"
    item = media.keep(db, SOURCE, Media(ref=ref, mime="image/png"), now)
    given = {"week": str(week), "leader_id": leader_id, "facts": facts, "media_id": item}
    row = db.execute(insert(digests).values(**given, made_at=now).returning(*digests.c)).one()
    return Digest(**row._mapping)


def of_picture(db: Connection, media_id: int) -> Digest:
    """The digest that a picture belongs to; NoResultFound without one."""
    return Digest(
        **db.execute(select(digests).where(digests.c.media_id == media_id)).one()._mapping
    )


def of_week(db: Connection, week: Week) -> list[Digest]:
    """What was told of a week, by leader."""
    rows = select(digests).where(digests.c.week == str(week)).order_by(digests.c.leader_id)
    return [Digest(**row._mapping) for row in db.execute(rows)]
