"""A filled database of an earlier version comes to the tables of now with every row in its place,
or stays as it was."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from storage import projects
from storage.database import Database
from storage.issues import issues
from storage.migrate import migrate, revision
from tests.databases import PostgresPlace, SqlitePlace
from tests.upgrade.restore import restore

RENAMED = {"project_courses": "project_plans"}
"""Tables by their names then and now."""
ADDED = (
    *("act_lessons", "calls", "chain_entries", "chain_roots", "departures", "held_words"),
    *("matter_questions", "queues", "sealed_named", "sealed_readers", "view_log", "vouchers"),
)
"""Tables that are new and empty."""
CLASHES = "CREATE TABLE project_plans (id INTEGER)"
"""What makes the last step of the migration fail."""


@pytest.fixture
def old(place: SqlitePlace | PostgresPlace) -> Iterator[Database]:
    """The database as the version before the house left it."""
    with place.empty() as url:
        restore(url)
        database = Database(url)
        yield database
        database.close()


def count_rows(database: Database) -> dict[str, int]:
    """The rows of every table but alembic's own."""
    names = set(inspect(database.engine).get_table_names()) - {"alembic_version"}
    with database.read() as db:
        return {name: _read_value(db, f"SELECT count(*) FROM {name}") for name in names}


def test_every_row_stays(old: Database) -> None:
    before = count_rows(old)
    assert before["issues"] == 27
    assert migrate(old)
    kept = {RENAMED.get(name, name): count for name, count in before.items()}
    assert count_rows(old) == kept | dict.fromkeys(ADDED, 0)


def test_the_tables_are_those_of_a_new_database(old: Database) -> None:
    migrate(old)
    with old.engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
        assert list(_find_broken_links(db)) == []


def test_what_was_renamed_is_read_as_before(old: Database) -> None:
    with old.read() as db:
        levels = _read_rows(db, "SELECT id, promise FROM issues ORDER BY id")
        targets = _read_rows(db, "SELECT project_id, target FROM project_courses ORDER BY 1")
    migrate(old)
    with old.read() as db:
        found = [issues.get(db, int(number)) for number, _ in levels]
        planned = projects.everything(db)
    assert [(str(issue.id), issue.service_level) for issue in found] == levels
    assert [(str(plan.project_id), str(plan.target)) for plan in planned] == targets
    assert planned


def test_a_migration_that_fails_changes_nothing(old: Database) -> None:
    with old.write() as db:
        db.execute(text(CLASHES))
    before = count_rows(old)
    with pytest.raises(DBAPIError, match="project_plans"):
        migrate(old)
    assert revision(old)[0] == "0002"
    assert count_rows(old) == before
    assert "promise" in {column["name"] for column in inspect(old.engine).get_columns("issues")}


def test_no_name_of_then_is_left(old: Database) -> None:
    migrate(old)
    with old.read() as db:
        assert [name for name in _list_names(db) if "course" in name] == []


def _find_broken_links(db: Connection) -> Iterator[object]:
    if db.dialect.name == "sqlite":
        yield from db.execute(text("PRAGMA foreign_key_check"))
        yield from (row for (row,) in db.execute(text("PRAGMA integrity_check")) if row != "ok")
    else:
        yield from db.execute(text("SELECT conname FROM pg_constraint WHERE NOT convalidated"))


def _list_names(db: Connection) -> list[str]:
    """Of all tables, indexes and constraints."""
    if db.dialect.name == "sqlite":
        return [name for (name,) in _read_rows(db, "SELECT name FROM sqlite_master")]
    return [
        *(name for (name,) in _read_rows(db, "SELECT relname FROM pg_class")),
        *(name for (name,) in _read_rows(db, "SELECT conname FROM pg_constraint")),
    ]


def _read_value(db: Connection, statement: str) -> int:
    return int(db.execute(text(statement)).scalar_one())


def _read_rows(db: Connection, statement: str) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in db.execute(text(statement))]
