"""What a claim of the outbox costs with 100,000 messages waiting, for one thread, for a thousand,
for as many threads as messages; beside a durable commit of the same run."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import text

from bot.core.messages import Address
from storage.database import Database
from storage.delivery import outbox, queues, threads
from tests.databases import PostgresPlace, SqlitePlace, postgres_url

WAITING, ROUNDS, MOST = 100_000, 150, 400
START = datetime(2024, 10, 14, 2, tzinfo=UTC)
LEASE = timedelta(seconds=60)
Row = tuple[str, str, str]


def run() -> Iterator[Row]:
    """Rows for the benchmark's table: what, value, ratio."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure_all("SQLite", SqlitePlace(Path(folder)))
    with postgres_url() as url, closing(PostgresPlace(url)) as place:
        yield from _measure_all("PostgreSQL", place)


def _measure_all(name: str, place: SqlitePlace | PostgresPlace) -> Iterator[Row]:
    for shape, people in (("one thread", 1), ("1,000 threads", 1000), ("a thread each", WAITING)):
        with place.create_migrated() as url, closing(Database(url)) as database:
            floor = _fill(database, people)
            took = sorted(_claim(database, START + timedelta(seconds=n)) for n in range(ROUNDS))
            urgent = _claim_urgent(database)
        usual, high = median(took), took[ROUNDS * 95 // 100]
        value = f"{usual * 1e3:.1f} ms, p95 {high * 1e3:.1f} ms"
        yield f"claim, 100,000 wait for {shape}, {name}", value, f"{usual / floor:.1f}"
        yield f"  an urgent one behind them, {name}", f"{urgent * 1e3:.1f} ms", ""


def _fill(database: Database, people: int) -> float:
    """All of it waits; returns the seconds of a durable commit of one row."""
    with database.write() as db:
        made = [threads.mark_heard(db, Address("x", f"{n}"), START).id for n in range(people)]
        outbox.add(db, [_row(made[n % people], n) for n in range(WAITING)])
    if not database.is_sqlite:
        with database.write() as db:
            db.execute(text("ANALYZE"))
    return median(_commit(database, n) for n in range(20))


def _commit(database: Database, n: int) -> float:
    began = perf_counter()
    with database.write() as db:
        threads.mark_heard(db, Address("floor", f"{n}"), START)
    return perf_counter() - began


def _claim(database: Database, now: datetime) -> float:
    """One claim, and what a slow platform makes of it: thirty of a thread leave, others wait."""
    began = perf_counter()
    with database.write() as db:
        queues.admit(db, now)
        claimed = queues.claim(db, now, LEASE, MOST)
    took = perf_counter() - began
    with database.write() as db:
        by_thread: dict[int, list[int]] = {}
        for parcel in claimed:
            by_thread.setdefault(parcel.thread_id, []).append(parcel.id)
        for ids in by_thread.values():
            outbox.mark_sent(db, ids[:30], now)
            queues.free(db, ids, now)
            if ids[30:]:
                outbox.put_off(db, ids[30:], now + timedelta(seconds=2), "delivery.slow")
    return took


def _claim_urgent(database: Database) -> float:
    """How long until what is urgent, for somebody else, is under way."""
    now = START + timedelta(minutes=10)
    with database.write() as db:
        thread = threads.mark_heard(db, Address("x", "liaison"), now).id
        outbox.add(db, [_row(thread, -1) | {"urgent": True, "not_before": now}])
    began = perf_counter()
    with database.write() as db:
        queues.admit(db, now)
        claimed = queues.claim(db, now, LEASE, MOST)
    assert claimed[0].thread_id == thread
    return perf_counter() - began


def _row(thread_id: int, n: int) -> dict[str, object]:
    words = f"{n} 【反馈】YZ-20241014-{n:05d} 供电班组二十分钟后到现场，请留人开门"
    row = {"thread_id": thread_id, "text": words, "kind": "news.answered", "because": f"b:{n}"}
    moments = {"created_at": START, "not_before": START}
    return {**row, **moments, "options": None, "media_id": None, "issue_id": None}
