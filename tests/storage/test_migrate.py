"""The database comes to the tables of the code, once, and a newer one is left alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

import storage.tables.once
from storage.database import Database
from storage.migrate import NewerDatabaseError, migrate, revision
from tests.databases import PostgresPlace, SqlitePlace

Place = SqlitePlace | PostgresPlace
assert storage.tables.once.once.name == "once"  # the import fills the metadata


def test_the_newest_migration_equals_the_tables(place: Place) -> None:
    with place.empty() as url:
        database = Database(url)
        assert migrate(database)
        with database.engine.connect() as db:
            context = MigrationContext.configure(db, opts={"compare_type": True})
            assert compare_metadata(context, SQLModel.metadata) == []
        database.close()


def test_a_second_time_changes_nothing(database: Database) -> None:
    assert not migrate(database)
    found, wanted = revision(database)
    assert found == wanted is not None


def test_a_newer_database_is_refused_and_not_touched(place: Place) -> None:
    with place.empty() as url:
        database = Database(url)
        with database.write() as db:
            db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            db.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
        with pytest.raises(NewerDatabaseError, match="9999"):
            migrate(database)
        assert inspect(database.engine).get_table_names() == ["alembic_version"]
        database.close()


def test_of_several_that_start_at_once_one_migrates(place: Place) -> None:
    with place.empty() as url:
        together = threading.Barrier(4)

        def start(_: int) -> bool:
            database = Database(url)
            together.wait(10)
            changed = migrate(database)
            database.close()
            return changed

        with ThreadPoolExecutor(4) as processes:
            assert sorted(processes.map(start, range(4))) == [False, False, False, True]
