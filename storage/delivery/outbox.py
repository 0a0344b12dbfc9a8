"""Remembers words on their way out, until they have arrived or somebody was told they cannot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from bot.core.messages import Address
from bot.core.people import Role
from storage.prepared import Prepared
from storage.tables.delivery import outbox, threads
from storage.tables.people import people


@dataclass(frozen=True)
class Parcel:
    """One message on its way to one thread."""

    id: int
    thread_id: int
    address: Address
    text: str
    options: tuple[dict[str, Any], ...]
    media_id: int | None
    kind: str
    issue_id: int | None
    because: str
    slot: str | None
    created_at: datetime
    attempts: int
    sent_at: datetime | None
    error: str
    only_while: str = ""


UNDONE, STALE, BUNDLED, PARTED, SEALED = (
    "undone",
    "stale",
    "bundled",
    "parted",
    "sealed",
)
"""Why a message was withheld on purpose: nobody need be told."""
WITHHELD = (UNDONE, STALE, BUNDLED, PARTED, SEALED)
IN_SLOT = 100
"""Messages that one passive reply may carry at most; it has no room for more by far."""
_COLUMNS = [
    *(outbox.c[name] for name in ("id", "thread_id", "text", "options", "media_id", "kind")),
    *(outbox.c[name] for name in ("issue_id", "only_while", "because", "slot", "created_at")),
    outbox.c.attempts,
    *(outbox.c[name] for name in ("sent_at", "error")),
    threads.c.channel,
    threads.c.address,
]
_FROM = outbox.join(threads, threads.c.id == outbox.c.thread_id)
_WAITS = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_ADD = insert(outbox)
_RESERVABLE = (
    select(outbox.c.id)
    .where(
        outbox.c.thread_id == bindparam("thread"),
        _WAITS,
        outbox.c.not_before <= bindparam("now"),
        or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= bindparam("now")),
    )
    .order_by(outbox.c.id)
    .limit(IN_SLOT)
)
_RESERVE = Prepared(
    update(outbox)
    .where(outbox.c.id.in_(_RESERVABLE))
    .values(slot=bindparam("key"), leased_until=bindparam("until"), look_at=bindparam("until"))
)
_THEIRS = select(threads.c.id).where(threads.c.person_id == bindparam("person"))
_BRING_HERE = Prepared(
    update(outbox)
    .where(
        or_(outbox.c.thread_id == bindparam("thread"), outbox.c.thread_id.in_(_THEIRS)),
        outbox.c.held_at.is_not(None),
        _WAITS,
    )
    .values(thread_id=bindparam("here"), held_at=None, retry_at=None, look_at=outbox.c.not_before)
)
_PARCELS = select(*_COLUMNS).select_from(_FROM).order_by(outbox.c.id)
_OF_SLOT = Prepared(_PARCELS.where(outbox.c.slot == bindparam("key")))
_BY_IDS = _PARCELS.where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_SENT = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        sent_at=bindparam("now"),
        held_at=None,
        leased_until=None,
        look_at=None,
        error="",
        report_id=None,
    )
)


def add(db: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put messages in, in this order."""
    if rows:
        noticed = [{"urgent": False, "look_at": row["not_before"], **row} for row in rows]
        db.execute(_ADD, noticed)


def reserve(db: Connection, thread_id: int, slot: str, now: datetime, until: datetime) -> None:
    """Everything due for a thread goes with the passive reply of delivery `slot`."""
    _RESERVE(db, thread=thread_id, key=slot, now=now, until=until)


def bring_here(db: Connection, thread_id: int, person_id: int | None) -> None:
    """The person has written: what was held for them goes out again, here, first in line."""
    _BRING_HERE(db, thread=thread_id, here=thread_id, person=person_id)


def readdress(db: Connection, ids: Collection[int], thread_id: int) -> None:
    """These go to another phone of the same person, with all their tries anew."""
    fresh = {"held_at": None, "retry_at": None, "leased_until": None, "attempts": 0, "slot": None}
    where = outbox.c.id.in_(ids) & _WAITS
    anew = {**fresh, "look_at": outbox.c.not_before}
    db.execute(update(outbox).where(where).values(thread_id=thread_id, **anew))


def lease_slot(db: Connection, slot: str, until: datetime) -> None:
    """The delivery has come again: what its passive reply is to carry is left to it once more."""
    where = (outbox.c.slot == slot) & _WAITS & (outbox.c.attempts == 0)
    db.execute(update(outbox).where(where).values(leased_until=until, look_at=until))


def of_slot(db: Connection, slot: str) -> list[Parcel]:
    """What the passive reply of a delivery carries, sent or not: the same again for a repeat."""
    return [_build_parcel(row) for row in _OF_SLOT(db, key=slot)]


def by_ids(db: Connection, ids: Collection[int]) -> list[Parcel]:
    """These messages, oldest first."""
    return [_parcel(row) for row in db.execute(_BY_IDS, {"ids": list(ids)})]


def list_with_media(db: Connection, because: str, media_id: int) -> list[Parcel]:
    """What a turn said to others with this picture or voice."""
    shown = (outbox.c.because == because) & (outbox.c.media_id == media_id)
    return [_parcel(row) for row in db.execute(_PARCELS.where(shown))]


def is_held(db: Connection, thread_id: int, kind: str) -> bool:
    """Whether words of this kind wait for a thread that cannot be reached now."""
    waits = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
    held = (outbox.c.thread_id == thread_id) & (outbox.c.kind == kind)
    rows = select(outbox.c.id).where(held, waits, outbox.c.held_at.is_not(None)).limit(1)
    return db.execute(rows).first() is not None


def mark_sent(db: Connection, ids: Collection[int], now: datetime) -> None:
    """These have arrived, as far as the platform tells."""
    db.execute(_SENT, {"ids": list(ids), "now": now})


def put_off(
    db: Connection, ids: Collection[int], retry_at: datetime, error: str, *, counted: bool = True
) -> None:
    """These could not be sent now; try again at `retry_at`. What never got as far as the platform
    is not `counted` among the tries."""
    values: dict[str, Any] = {"retry_at": retry_at, "look_at": retry_at, "leased_until": None}
    values["error"] = error[:300]
    if not counted:
        values["attempts"] = outbox.c.attempts - 1
    db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**values))


def hold(db: Connection, ids: Collection[int], now: datetime, error: str) -> None:
    """The platform's window is shut: these go first in line when the person writes again."""
    values = {"held_at": now, "leased_until": None, "look_at": None, "error": error[:300]}
    db.execute(update(outbox).where(outbox.c.id.in_(ids), _WAITS).values(**values))


def rewrite(db: Connection, parcel_id: int, text: str) -> None:
    """Other words for a message that has not left yet."""
    db.execute(update(outbox).where(outbox.c.id == parcel_id).values(text=text))


def release(db: Connection, ids: Collection[int]) -> None:
    """A passive reply had no room for these: they go by push."""
    values = {"slot": None, "leased_until": None, "look_at": outbox.c.not_before}
    db.execute(update(outbox).where(outbox.c.id.in_(ids), _WAITS).values(**values))


def give_up(db: Connection, ids: Collection[int], now: datetime, error: str) -> None:
    """These will not be sent any more."""
    values = {"gave_up_at": now, "leased_until": None, "look_at": None, "error": error[:300]}
    db.execute(update(outbox).where(outbox.c.id.in_(ids), _WAITS).values(**values))


def take_back(db: Connection, because: str, now: datetime, keep_thread: int) -> list[Parcel]:
    """Stop what a turn said to others and has not left yet; returns what had already gone."""
    mine = (outbox.c.because == because) & (outbox.c.thread_id != keep_thread)
    held = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    values = {"gave_up_at": now, "look_at": None, "error": UNDONE}
    db.execute(update(outbox).where(mine, _WAITS, held).values(**values))
    gone = mine & or_(outbox.c.sent_at.is_not(None), outbox.c.leased_until > now)
    return [_parcel(row) for row in db.execute(select(*_COLUMNS).select_from(_FROM).where(gone))]


def withdraw(db: Connection, prefix: str, now: datetime) -> list[Parcel]:
    """Stop everything whose condition begins so and that has not left yet; returns it."""
    waits = _WAITS & or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    mine = waits & outbox.c.only_while.startswith(prefix, autoescape=True)
    rows = db.execute(select(*_COLUMNS).select_from(_FROM).where(mine).order_by(outbox.c.id))
    found = [_parcel(row) for row in rows]
    give_up(db, [parcel.id for parcel in found], now, STALE)
    return found


def bundle(db: Connection, due: datetime, now: datetime) -> dict[int, list[Parcel]]:
    """What was held back for staff until `due`, by thread, where it is more than one message; these
    leave no more by themselves. Messages to enterprises and pictures stay as they are."""
    held = (
        select(*_COLUMNS)
        .select_from(_FROM.join(people, people.c.id == threads.c.person_id))
        .where(_WAITS, outbox.c.not_before == due, outbox.c.created_at < due)
        .where(outbox.c.media_id.is_(None), people.c.role != Role.CONTACT)
        .order_by(outbox.c.thread_id, outbox.c.id)
    )
    by_thread: dict[int, list[Parcel]] = {}
    for row in db.execute(held):
        by_thread.setdefault(row.thread_id, []).append(_parcel(row))
    several = {thread: found for thread, found in by_thread.items() if len(found) > 1}
    give_up(db, [parcel.id for found in several.values() for parcel in found], now, BUNDLED)
    return several


def moments_sent(db: Connection, thread_id: int, since: datetime) -> list[datetime]:
    """When messages left for a thread after `since`, oldest first."""
    sent = (
        select(outbox.c.sent_at)
        .where(outbox.c.thread_id == thread_id, outbox.c.sent_at > since)
        .order_by(outbox.c.sent_at)
    )
    return list(db.execute(sent).scalars())


def _parcel(row: Row[Any]) -> Parcel:
    return _build_parcel(dict(row._mapping))


def _build_parcel(values: dict[str, Any]) -> Parcel:
    address = Address(values.pop("channel"), values.pop("address"))
    return Parcel(address=address, **{**values, "options": tuple(values["options"] or ())})
