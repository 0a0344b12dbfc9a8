"""Brings a database to the tables of this code, and refuses one that is newer."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database

FOLDER = Path(__file__).with_name("migrations")


class NewerDatabaseError(RuntimeError):
    """The database was written by a later version of the bot."""


def migrate(database: Database) -> bool:
    """Run what is missing; True when anything was. Raises NewerDatabaseError and touches nothing.

    Two processes that start at once: the second waits for the first's transaction.
    """
    with database.engine.begin() as db:
        if db.dialect.name == "postgresql":
            db.exec_driver_sql("SELECT pg_advisory_xact_lock(94)")
        found = MigrationContext.configure(db).get_current_revision()
        if found is not None and not is_known_revision(found):
            raise NewerDatabaseError(found)
        if found == _head():
            return False
        config = configuration()
        config.attributes["connection"] = db
        command.upgrade(config, "head")
    return True


def revision(database: Database) -> tuple[str | None, str | None]:
    """The database's revision and the code's."""
    with database.read() as db:
        found = MigrationContext.configure(db).get_current_revision()
    return found, _head()


def is_known_revision(found: str) -> bool:
    """Whether this code has heard of a revision; it has not of a later version's."""
    return any(script.revision == found for script in _script().walk_revisions())


def configuration() -> Config:
    """Where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _head() -> str | None:
    return _script().get_current_head()


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())
