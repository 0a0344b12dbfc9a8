"""Remembers words on their way out, until they have arrived or somebody was told they cannot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update

from bot.core.messages import Address
from storage.tables import outbox, threads


@dataclass(frozen=True)
class Parcel:
    """One message on its way to one thread."""

    id: int
    thread_id: int
    address: Address
    text: str
    options: tuple[dict[str, str], ...]
    media_id: int | None
    kind: str
    issue_id: int | None
    because: str
    slot: str | None
    created_at: datetime
    attempts: int
    sent_at: datetime | None
    error: str


_COLUMNS = [
    *(outbox.c[name] for name in ("id", "thread_id", "text", "options", "media_id", "kind")),
    *(outbox.c[name] for name in ("issue_id", "because", "slot", "created_at", "attempts")),
    *(outbox.c[name] for name in ("sent_at", "error")),
    threads.c.channel,
    threads.c.address,
]
_FROM = outbox.join(threads, threads.c.id == outbox.c.thread_id)
_WAITS = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)


def add(db: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put messages in, in this order."""
    if rows:
        db.execute(insert(outbox), rows)


def reserve(db: Connection, thread_id: int, slot: str, now: datetime, until: datetime) -> None:
    """Everything due for a thread goes with the passive reply of delivery `slot`."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    due = (outbox.c.thread_id == thread_id) & _WAITS & (outbox.c.not_before <= now) & free
    db.execute(update(outbox).where(due).values(slot=slot, leased_until=until))


def of_slot(db: Connection, slot: str) -> list[Parcel]:
    """What the passive reply of a delivery carries, sent or not: the same again for a repeat."""
    rows = select(*_COLUMNS).select_from(_FROM).where(outbox.c.slot == slot)
    return [_parcel(row) for row in db.execute(rows.order_by(outbox.c.id))]


def by_ids(db: Connection, ids: Collection[int]) -> list[Parcel]:
    """These messages, oldest first."""
    rows = select(*_COLUMNS).select_from(_FROM).where(outbox.c.id.in_(ids))
    return [_parcel(row) for row in db.execute(rows.order_by(outbox.c.id))]


def claim(db: Connection, now: datetime, lease: timedelta, most: int) -> list[Parcel]:
    """Take up to `most` due messages for sending: whole threads, each in its order.

    A thread is left alone while an earlier message of it is leased or waits for its retry, so
    replies never overtake each other and a failing thread holds only itself.
    """
    # The threads are locked first: two processes that each took half a thread would mix its order.
    heads = (
        select(threads.c.id)
        .where(threads.c.id.in_(select(outbox.c.thread_id).where(_ready(now))))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ours = list(db.execute(heads).scalars())
    mine = select(outbox.c.id).where(_ready(now), outbox.c.thread_id.in_(ours))
    ids = list(db.execute(mine.order_by(outbox.c.id).limit(most)).scalars()) if ours else []
    if not ids:
        return []
    values = {"leased_until": now + lease, "attempts": outbox.c.attempts + 1}
    db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**values))
    return by_ids(db, ids)


def _ready(now: datetime) -> ColumnElement[bool]:
    rival = outbox.alias("rival")
    waits = rival.c.sent_at.is_(None) & rival.c.gave_up_at.is_(None) & (rival.c.not_before <= now)
    busy = (rival.c.leased_until > now) | (rival.c.retry_at > now)
    blocked = select(rival.c.id).where(rival.c.thread_id == outbox.c.thread_id, waits, busy)
    due = _WAITS & outbox.c.held_at.is_(None) & (outbox.c.not_before <= now)
    return due & ~blocked.exists()


def sent(db: Connection, ids: Collection[int], now: datetime) -> None:
    """These have arrived, as far as the platform tells."""
    values = {"sent_at": now, "held_at": None, "leased_until": None, "error": ""}
    db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**values))


def put_off(db: Connection, ids: Collection[int], retry_at: datetime, error: str) -> None:
    """These could not be sent now; try again at `retry_at`."""
    values = {"retry_at": retry_at, "leased_until": None, "error": error[:300]}
    db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**values))


def hold(db: Connection, ids: Collection[int], now: datetime, error: str) -> None:
    """The platform's window is shut: these go first in line when the person writes again."""
    values = {"held_at": now, "leased_until": None, "error": error[:300]}
    db.execute(update(outbox).where(outbox.c.id.in_(ids), _WAITS).values(**values))


def release(db: Connection, ids: Collection[int]) -> None:
    """A passive reply had no room for these: they go by push."""
    values = {"slot": None, "leased_until": None}
    db.execute(update(outbox).where(outbox.c.id.in_(ids), _WAITS).values(**values))


def give_up(db: Connection, ids: Collection[int], now: datetime, error: str) -> None:
    """These will not be sent any more."""
    values = {"gave_up_at": now, "leased_until": None, "error": error[:300]}
    db.execute(update(outbox).where(outbox.c.id.in_(ids), _WAITS).values(**values))


def take_back(db: Connection, because: str, now: datetime, keep_thread: int) -> list[Parcel]:
    """Stop what a turn said to others and has not left yet; returns what had already gone."""
    mine = (outbox.c.because == because) & (outbox.c.thread_id != keep_thread)
    held = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    values = {"gave_up_at": now, "error": "undone"}
    db.execute(update(outbox).where(mine, _WAITS, held).values(**values))
    gone = mine & or_(outbox.c.sent_at.is_not(None), outbox.c.leased_until > now)
    return [_parcel(row) for row in db.execute(select(*_COLUMNS).select_from(_FROM).where(gone))]


def next_due(db: Connection, now: datetime) -> datetime | None:
    """When the earliest waiting message may next be tried; None when nothing waits."""
    row = db.execute(
        select(outbox.c.not_before, outbox.c.retry_at, outbox.c.leased_until)
        .where(_WAITS, outbox.c.held_at.is_(None))
        .order_by(outbox.c.not_before)
        .limit(200)
    )
    moments = [max(moment for moment in one if moment) for one in row]
    return min(moments, default=None)


def waiting(db: Connection, most: int = 100) -> list[Parcel]:
    """What has not arrived yet, oldest first."""
    return _listed(db, _WAITS, most)


def given_up(db: Connection, most: int = 100) -> list[Parcel]:
    """What could not be delivered, oldest first."""
    return _listed(db, outbox.c.gave_up_at.is_not(None) & (outbox.c.error != "undone"), most)


def _listed(db: Connection, where: ColumnElement[bool], most: int) -> list[Parcel]:
    rows = select(*_COLUMNS).select_from(_FROM).where(where).order_by(outbox.c.id).limit(most)
    return [_parcel(row) for row in db.execute(rows)]


def _parcel(row: Row[Any]) -> Parcel:
    values = dict(row._mapping)
    address = Address(values.pop("channel"), values.pop("address"))
    return Parcel(address=address, **{**values, "options": tuple(values["options"] or ())})
