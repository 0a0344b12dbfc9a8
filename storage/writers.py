"""Runs units of work in write transactions, off the event loop: one thread on SQLite, several on
PostgreSQL; a rehearsal, which has the machine to itself, does without."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from storage.database import Database

T = TypeVar("T")
Work = Callable[[Connection], T]


class Writer(Protocol):
    """Takes work and commits it durably before its future is done."""

    def submit(self, work: Work[T]) -> Future[T]:
        """Run `work` in a transaction; what it raises rolls back only itself."""
        ...

    def close(self) -> None:
        """Finish what was taken, take nothing more."""
        ...


def writer_for(database: Database) -> Writer:
    """The kind of writer that this database wants."""
    if not database.durable:
        return DirectWriter(database)
    return GroupWriter(database) if database.is_sqlite else PoolWriter(database)


@dataclass(frozen=True)
class _Task:
    work: Work[Any]
    future: Future[Any]


class GroupWriter:
    """One thread that takes the waiting work together and commits it once.

    SQLite has one writer anyway, and the commit (a disk sync) is the dear part: sharing it keeps
    the wait flat under load. Each unit has a savepoint, so one that fails harms no other.
    """

    MOST = 64
    """Units in one commit; more would only delay the first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> Future[T]:
        """Run `work` in the next group."""
        future: Future[T] = Future()
        self._tasks.put(_Task(work, future))
        return future

    def close(self) -> None:
        """Finish what was taken."""
        self._tasks.put(None)
        self._thread.join()

    def _loop(self) -> None:
        while (first := self._tasks.get()) is not None:
            group, last = self._gather(first)
            self._commit(group)
            if last:
                return

    def _gather(self, first: _Task) -> tuple[list[_Task], bool]:
        group = [first]
        while len(group) < self.MOST:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            if task is None:
                return group, True
            group.append(task)
        return group, False

    def _commit(self, group: list[_Task]) -> None:
        # From here on nobody can cancel: a result set on a cancelled future would end this thread.
        group = [task for task in group if task.future.set_running_or_notify_cancel()]
        done: list[tuple[_Task, Any, BaseException | None]] = []
        try:
            with self._database.write() as db:
                done = [(task, *_in_savepoint(db, task.work)) for task in group]
        except Exception as fault:  # noqa: BLE001 - the commit failed: each waiter must hear it
            done = [(task, None, fault) for task in group]
        for task, result, error in done:
            if error is None:
                task.future.set_result(result)
            else:
                task.future.set_exception(error)


def _in_savepoint(db: Connection, work: Work[Any]) -> tuple[Any, BaseException | None]:
    # Plain SAVEPOINT instead of `begin_nested`: a fifth of the cost, on the one hot path.
    db.exec_driver_sql("SAVEPOINT unit")
    try:
        result = work(db)
    except Exception as error:  # noqa: BLE001 - handed to the waiter
        db.exec_driver_sql("ROLLBACK TO unit")
        db.exec_driver_sql("RELEASE unit")
        return None, error
    db.exec_driver_sql("RELEASE unit")
    return result, None


class DirectWriter:
    """Does the work where it is asked for: there is no disk to wait for, and nobody else waits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, work: Work[T]) -> Future[T]:
        """Run `work` at once."""
        future: Future[T] = Future()
        try:
            with self._database.write() as db:
                future.set_result(work(db))
        except Exception as error:  # noqa: BLE001 - handed to the waiter
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing is left to do."""


class PoolWriter:
    """Several threads, a transaction each; the database does the agreeing."""

    THREADS = 8
    TRIES = 4
    AGAIN = frozenset({"40001", "40P01"})
    """SQLSTATE of a serialization failure and of a deadlock: the whole unit is run again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(self.THREADS, thread_name_prefix="writer")

    def submit(self, work: Work[T]) -> Future[T]:
        """Run `work` in a transaction of its own."""
        return self._threads.submit(self._run, work)

    def close(self) -> None:
        """Finish what was taken."""
        self._threads.shutdown(wait=True)

    def _run(self, work: Work[T]) -> T:
        for left in reversed(range(self.TRIES)):
            try:
                with self._database.write() as db:
                    return work(db)
            except OperationalError as fault:
                if not left or getattr(fault.orig, "sqlstate", None) not in self.AGAIN:
                    raise
        raise AssertionError("unreachable")
