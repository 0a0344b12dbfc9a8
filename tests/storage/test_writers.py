"""Work is committed before its future is done, and one that fails harms no other."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError

from storage import once
from storage.database import Database
from storage.people import people
from storage.tables.once import once as once_rows
from storage.writers import GroupWriter, writer_for
from tests.databases import SqlitePlace
from tests.storage.rows import NOW

Work = Callable[[Connection], bool]


def claim(key: str) -> Work:
    return lambda db: once.claim(db, key, NOW)


def keys(database: Database) -> set[str]:
    with database.read() as db:
        return set(db.execute(select(once_rows.c.key)).scalars())


@pytest.fixture
def sqlite(sqlite_place: SqlitePlace) -> Iterator[Database]:
    with sqlite_place.create_migrated() as url:
        database = Database(url)
        yield database
        database.close()


class Gate:
    """Work that keeps the writer busy until it is opened, so that what follows waits together."""

    def __init__(self) -> None:
        self._entered, self._open = threading.Event(), threading.Event()

    def work(self, _db: Connection) -> None:
        self._entered.set()
        assert self._open.wait(10)

    def wait(self) -> None:
        assert self._entered.wait(10)

    def open(self) -> None:
        self._open.set()


@contextmanager
def behind_a_gate(writer: GroupWriter) -> Iterator[None]:
    gate = Gate()
    first: Future[None] = writer.submit(gate.work)
    gate.wait()
    yield
    gate.open()
    first.result(10)


def test_what_is_done_is_committed(database: Database) -> None:
    writer = writer_for(database)
    assert writer.submit(claim("a")).result(10)
    assert keys(database) == {"a"}
    writer.close()


def test_a_unit_that_fails_harms_no_other(sqlite: Database) -> None:
    writer = GroupWriter(sqlite)

    def half(db: Connection) -> None:
        once.claim(db, "half", NOW)
        raise LookupError("a bug")

    def add_department_twice(db: Connection) -> None:
        once.claim(db, "broken", NOW)
        people.add_department(db, "same")
        people.add_department(db, "same")

    with behind_a_gate(writer):
        before, bug = writer.submit(claim("before")), writer.submit(half)
        refused, after = writer.submit(add_department_twice), writer.submit(claim("after"))
    assert before.result(10)
    assert after.result(10)
    with pytest.raises(LookupError, match="a bug"):
        bug.result(10)
    with pytest.raises(IntegrityError):
        refused.result(10)
    writer.close()
    assert keys(sqlite) == {"before", "after"}


def test_units_that_wait_together_share_one_commit(sqlite: Database) -> None:
    writer = GroupWriter(sqlite)
    seen: list[int] = []

    def look(db: Connection) -> None:
        # A unit sees what those before it in the group wrote, committed or not.
        once.claim(db, f"unit {len(seen)}", NOW)
        seen.append(db.execute(select(func.count()).select_from(once_rows)).scalar_one())
        assert keys(sqlite) == set(), "a reader sees nothing before the group's commit"

    with behind_a_gate(writer):
        futures = [writer.submit(look) for _ in range(3)]
    for future in futures:
        future.result(10)
    writer.close()
    assert seen == [1, 2, 3]
    assert len(keys(sqlite)) == 3


def test_a_cancelled_unit_is_not_run_and_ends_nothing(sqlite: Database) -> None:
    writer = GroupWriter(sqlite)
    with behind_a_gate(writer):
        kept, dropped = writer.submit(claim("kept")), writer.submit(claim("dropped"))
        assert dropped.cancel()
    assert kept.result(10)
    with pytest.raises(CancelledError):
        dropped.result(10)
    assert writer.submit(claim("next")).result(10), "the writer is alive"
    writer.close()
    assert keys(sqlite) == {"kept", "next"}


def test_a_running_unit_can_no_longer_be_cancelled(sqlite: Database) -> None:
    writer, gate = GroupWriter(sqlite), Gate()
    running: Future[None] = writer.submit(gate.work)
    gate.wait()
    assert not running.cancel()
    gate.open()
    running.result(10)
    writer.close()


def test_closing_finishes_what_was_taken(sqlite: Database) -> None:
    writer = GroupWriter(sqlite)
    many = GroupWriter.MOST * 2 + 5
    with behind_a_gate(writer):
        futures = [writer.submit(claim(str(number))) for number in range(many)]
    writer.close()
    assert all(future.done() and future.result() for future in futures)
    assert len(keys(sqlite)) == many


class FullDisk(Database):
    """A database whose commit fails, as on a full disk."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.engine.connect() as db, db.begin() as transaction:
            yield db
            transaction.rollback()
        raise OSError("disk full")


def test_when_the_commit_fails_every_waiter_hears_it(sqlite_place: SqlitePlace) -> None:
    with sqlite_place.create_migrated() as url:
        database = FullDisk(url)
        writer = GroupWriter(database)
        futures = [writer.submit(claim(key)) for key in ("a", "b")]
        for future in futures:
            with pytest.raises(OSError, match="disk full"):
                future.result(10)
        writer.close()
        assert keys(database) == set()
        database.close()


def test_two_that_lock_each_other_both_end_well(database: Database) -> None:
    """On PostgreSQL this is a deadlock: one of the two is run again."""
    with database.write() as db:
        ids = [people.add_department(db, name) for name in ("one", "two")]
    writer, both = writer_for(database), threading.Barrier(2)
    rename = text("UPDATE departments SET name = name || '!' WHERE id = :id")

    def work(order: list[int]) -> Callable[[Connection], None]:
        tried: list[int] = []

        def run(db: Connection) -> None:
            tried.append(1)
            db.execute(rename, {"id": order[0]})
            if not database.is_sqlite and len(tried) == 1:
                both.wait(10)  # each holds one row now and wants the other's
            db.execute(rename, {"id": order[1]})

        return run

    futures = [writer.submit(work(ids)), writer.submit(work(ids[::-1]))]
    for future in futures:
        future.result(20)
    writer.close()
    with database.read() as db:
        assert [department.name for department in people.all_departments(db)] == ["one!!", "two!!"]
