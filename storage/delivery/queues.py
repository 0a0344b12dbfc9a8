"""Remembers for which threads messages wait, so that a claim costs what it takes, not what waits.

A message that waits is in one of three places. `look_at` says when it comes to the queue: at its
time, at its retry, or when a lease ends that nobody settled. Once there, `look_at` is empty and its
thread has a row in `queues`. Under way it has a lease and a new `look_at`. So whoever makes a
message wait sets `look_at`, and nothing else: writers need no row that others write too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, or_, select, update

from storage.columns import Moment
from storage.delivery.outbox import Parcel, by_ids
from storage.statements import upsert
from storage.tables.delivery import outbox, queues

ADMITTED = 500
"""Messages that one claim brings to the queues at most."""
FEW = 16
"""Threads whose messages one claim lists at first."""
TOGETHER = 100
"""Messages for one thread that leave together at most: more than any platform takes at once, and
who has thousands waiting does not fill the claim of all."""
_WAITS = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None) & outbox.c.held_at.is_(None)
_QUEUED = _WAITS & outbox.c.look_at.is_(None)
_BUSY = _WAITS & or_(outbox.c.leased_until.is_not(None), outbox.c.retry_at.is_not(None))
_COME = (
    select(outbox.c.id, outbox.c.thread_id, outbox.c.look_at)
    .where(outbox.c.urgent == bindparam("urgent"), outbox.c.look_at <= bindparam("now"))
    .order_by(outbox.c.look_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_ADMIT = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(look_at=None, leased_until=None, retry_at=None)
)
_DUE = (
    select(queues.c.thread_id)
    .where(queues.c.urgent == bindparam("urgent"), queues.c.due_at <= bindparam("now"))
    .order_by(queues.c.due_at, queues.c.thread_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_BUSY_UNTIL = (
    select(
        outbox.c.thread_id,
        func.max(outbox.c.leased_until).label("leased"),
        func.max(outbox.c.retry_at).label("retry"),
    )
    .where(
        outbox.c.thread_id.in_(bindparam("ours", expanding=True)),
        outbox.c.not_before <= bindparam("now", type_=Moment),
        _BUSY,
    )
    .group_by(outbox.c.thread_id)
)
_TOO_MANY = (
    select(outbox.c.id)
    .where(outbox.c.thread_id == queues.c.thread_id, _QUEUED)
    .order_by(outbox.c.id)
    .limit(1)
    .offset(TOGETHER)
    .correlate(queues)
)
_FLOODED = select(queues.c.thread_id).where(
    queues.c.thread_id.in_(bindparam("ours", expanding=True)), _TOO_MANY.exists()
)
_ALL = (
    select(outbox.c.id, outbox.c.thread_id)
    .where(outbox.c.thread_id.in_(bindparam("ours", expanding=True)), _QUEUED)
    .order_by(outbox.c.thread_id, outbox.c.id)
)
_FIRST = (
    select(outbox.c.id)
    .where(outbox.c.thread_id == bindparam("thread"), _QUEUED)
    .order_by(outbox.c.id)
    .limit(TOGETHER)
)
_LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        leased_until=bindparam("until"),
        look_at=bindparam("until"),
        attempts=outbox.c.attempts + 1,
    )
)
_EMPTY = delete(queues).where(queues.c.thread_id.in_(bindparam("threads", expanding=True)))
_POSTPONE = (
    update(queues)
    .where(queues.c.thread_id.in_(bindparam("threads", expanding=True)))
    .values(due_at=bindparam("until"))
)
_FREE = (
    update(queues)
    .where(
        queues.c.thread_id.in_(
            select(outbox.c.thread_id).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
        ),
        queues.c.due_at > bindparam("now", type_=Moment),
    )
    .values(due_at=bindparam("now", type_=Moment))
)


def admit(db: Connection, now: datetime) -> bool:
    """Bring what has come due to the queues of its threads, urgent words first; whether there may
    be more than one call brings."""
    rows = _take_both(db, _COME, now, ADMITTED)
    if rows:
        _enter(db, rows)
        db.execute(_ADMIT, {"ids": [row.id for row, _ in rows]})
    return len(rows) == ADMITTED


def claim(db: Connection, now: datetime, lease: timedelta, most: int) -> list[Parcel]:
    """Take up to `most` due messages for sending: urgent threads first, then who waits longest;
    of each thread the earliest, in their order, together.

    A thread is left alone while a message of it is leased or waits for its retry, so replies never
    overtake each other and a failing thread holds only itself.
    """
    # The queues are locked first: two processes that each took half a thread would mix its order.
    ours = [row.thread_id for row, _ in _take_both(db, _DUE, now, most)]
    if not ours:
        return []
    busy = _postpone_busy(db, ours, now)
    taken, emptied, left = _fill([thread for thread in ours if thread not in busy], most, db)
    if emptied:
        db.execute(_EMPTY, {"threads": emptied})
    if left:
        db.execute(_POSTPONE, {"threads": left, "until": now + lease})
    if not taken:
        return []
    db.execute(_LEASE, {"ids": taken, "until": now + lease})
    places = {parcel_id: place for place, parcel_id in enumerate(taken)}
    return sorted(by_ids(db, taken), key=lambda parcel: places[parcel.id])


def _fill(ours: Sequence[int], most: int, db: Connection) -> tuple[list[int], list[int], list[int]]:
    """The messages to take, and of which threads nothing or something is left. Few threads are
    looked at first: they may have enough."""
    taken: list[int] = []
    emptied: list[int] = []
    left: list[int] = []
    begin, many = 0, FEW
    while begin < len(ours) and len(taken) < most:
        for thread, waiting in _list_first(db, ours[begin : begin + many]).items():
            first = waiting[: most - len(taken)]
            if first or not waiting:
                taken += first
                whole = len(first) == len(waiting) < TOGETHER
                (emptied if whole else left).append(thread)
        begin, many = begin + many, many * 2
    return taken, emptied, left


def free(db: Connection, ids: Iterable[int], now: datetime) -> bool:
    """These are no longer under way: what waits behind them is looked at again. Whether anything
    does."""
    return bool(db.execute(_FREE, {"ids": list(ids), "now": now}).rowcount)


def next_due(db: Connection) -> datetime | None:
    """When the earliest waiting message may next be tried; None when nothing waits."""
    looks = select(func.min(outbox.c.look_at)).where(outbox.c.look_at.is_not(None))
    moments = (db.execute(looks).scalar(), db.execute(select(func.min(queues.c.due_at))).scalar())
    return min((moment for moment in moments if moment), default=None)


def oldest_due(db: Connection, now: datetime) -> datetime | None:
    """Since when the message waits that has been due longest without leaving; None for none."""
    waits = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None) & outbox.c.held_at.is_(None)
    where = waits & (outbox.c.not_before <= now)
    return db.execute(select(func.min(outbox.c.not_before)).where(where)).scalar()


def _take_both(db: Connection, rows: Any, now: datetime, most: int) -> list[tuple[Row[Any], bool]]:
    urgent = [(row, True) for row in db.execute(rows, {"urgent": True, "now": now, "most": most})]
    left = {"urgent": False, "now": now, "most": most - len(urgent)}
    return urgent + [(row, False) for row in db.execute(rows, left)] if left["most"] else urgent


def _enter(db: Connection, rows: Sequence[tuple[Row[Any], bool]]) -> None:
    entries: dict[int, dict[str, Any]] = {}
    for row, urgent in rows:
        known = entries.setdefault(
            row.thread_id, {"thread_id": row.thread_id, "due_at": row.look_at, "urgent": urgent}
        )
        known["due_at"] = min(known["due_at"], row.look_at)
        known["urgent"] |= urgent
    insert = upsert(db, queues)
    new = insert.excluded
    earlier = case((new.due_at < queues.c.due_at, new.due_at), else_=queues.c.due_at)
    insert = insert.on_conflict_do_update(
        index_elements=["thread_id"],
        set_={"due_at": earlier, "urgent": or_(queues.c.urgent, new.urgent)},
    )
    # By their number, so that two processes never wait for each other.
    db.execute(insert, sorted(entries.values(), key=lambda entry: int(entry["thread_id"])))


def _postpone_busy(db: Connection, ours: Sequence[int], now: datetime) -> set[int]:
    """Which of the threads have something under way or waiting for a retry; they are looked at
    again when that ends."""
    ends: dict[datetime, list[int]] = defaultdict(list)
    for row in db.execute(_BUSY_UNTIL, {"ours": list(ours), "now": now}):
        ends[max(moment for moment in (row.leased, row.retry) if moment)].append(row.thread_id)
    for end, threads in ends.items():
        db.execute(_POSTPONE, {"threads": threads, "until": end})
    return {thread for threads in ends.values() for thread in threads}


def _list_first(db: Connection, ours: Sequence[int]) -> dict[int, list[int]]:
    """The first of what waits for each thread, in the threads' order."""
    found: dict[int, list[int]] = {thread: [] for thread in ours}
    if not ours:
        return found
    flooded = set(db.execute(_FLOODED, {"ours": list(ours)}).scalars())
    for thread in flooded:
        found[thread] = list(db.execute(_FIRST, {"thread": thread}).scalars())
    plain = [thread for thread in ours if thread not in flooded]
    rows = db.execute(_ALL, {"ours": plain}).all() if plain else []
    for thread, of_thread in groupby(rows, key=attrgetter("thread_id")):
        found[thread] = [row.id for row in of_thread]
    return found
