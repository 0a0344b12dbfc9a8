"""Opens the database and lends out transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url

WAL_TRIES, WAL_PAUSE = 100, 0.05
"""How often, and after how many seconds each, a process that opens a new file looks again."""


class Database:
    """One database by its URL: `sqlite:///var/exchange.db` or `postgresql+psycopg://…`.

    A write transaction on SQLite takes the write lock at once (BEGIN IMMEDIATE), so two processes
    queue instead of failing in the middle; a commit is on disk when it returns (FULL), unless
    `durable` is False: for what is thrown away in the end, such as a rehearsal.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.durable = durable
        self._writing = self._open("BEGIN IMMEDIATE")
        # One pool serves both on PostgreSQL; readers on SQLite must not take the lock.
        self._reading = self._open("BEGIN") if self.is_sqlite else self._writing

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits at the end and rolls back on any exception."""
        with self._writing.begin() as db:
            yield db

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look that changes nothing."""
        with self._reading.connect() as db:
            yield db

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A look that stays the same through many statements, whatever is written meanwhile."""
        with self._reading.connect() as db:
            # On SQLite every read transaction is one; PostgreSQL must be asked.
            level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
            yield db.execution_options(**level)

    @property
    def engine(self) -> Engine:
        """The engine that writes; for migrations."""
        return self._writing

    def close(self) -> None:
        """Let go of every connection."""
        self._writing.dispose()
        self._reading.dispose()

    def _open(self, begin: str) -> Engine:
        if not self.is_sqlite:
            engine = create_engine(
                self.url, pool_size=12, max_overflow=4, pool_pre_ping=True, hide_parameters=True
            )
            event.listen(engine, "handle_error", _hide_values)
            return engine
        if self.url.database and self.url.database != ":memory:":
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self.url,
            connect_args={"check_same_thread": False, "timeout": 15},
            hide_parameters=True,  # they are people's words; errors go to the log
        )
        event.listen(engine, "connect", partial(_prepare_sqlite, self.durable))
        # Not by an event: one listener makes every statement look for listeners, at a tenth more.
        engine.dialect.do_begin = partial(_begin, begin)  # type: ignore[method-assign]
        return engine


def _hide_values(context: ExceptionContext) -> None:
    """PostgreSQL quotes the row in what it says of an error (DETAIL); only the first line stays."""
    known, wrapped = context.original_exception, context.sqlalchemy_exception
    whole = str(known)
    first = whole.partition("\n")[0]
    known.args = (first,)
    if wrapped is not None:
        wrapped.args = (str(wrapped.args[0]).replace(whole, first), *wrapped.args[1:])


def _begin(statement: str, raw: Any) -> None:
    raw.cursor().execute(statement)


def _prepare_sqlite(durable: bool, raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver begins nothing by itself
    raw.execute("PRAGMA busy_timeout=15000")
    _write_ahead(raw)
    for line in (
        f"synchronous={'FULL' if durable else 'OFF'}",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        raw.execute(f"PRAGMA {line}")


def _write_ahead(raw: Any) -> None:
    """The mode stays in the file. Of several processes that open a new one at once SQLite refuses
    some without waiting for `busy_timeout`: those look again."""
    for _ in range(WAL_TRIES):
        if raw.execute("PRAGMA journal_mode").fetchone()[0] in ("wal", "memory"):
            return
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            sleep(WAL_PAUSE)
    raw.execute("PRAGMA journal_mode=WAL")
