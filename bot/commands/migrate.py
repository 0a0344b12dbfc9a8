"""`python -m bot migrate`: bring the database to the tables of this version."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.commands.terminal.words import fail, say, settings, words
from bot.settings import Settings
from storage.database import Database
from storage.migrate import NewerDatabaseError
from storage.migrate import migrate as migrate_database


def migrate() -> None:
    changed = bring_up_to_date(settings())
    say(words("cli.migrate.changed") if changed else words("cli.migrate.same"))


def bring_up_to_date(given: Settings) -> bool:
    """Migrate; True when anything was missing. Ends the command when the database refuses."""
    with _connect_database(given) as database:
        return migrate_database(database)


@contextmanager
def open_database(given: Settings) -> Iterator[Database]:
    """The database with this version's tables, closed at the end. Ends the command in words when
    it cannot be used."""
    with _connect_database(given) as database:
        migrate_database(database)
        yield database


@contextmanager
def _connect_database(given: Settings) -> Iterator[Database]:
    database = Database(given.storage.url)
    shown = database.url.render_as_string(hide_password=True)
    try:
        yield database
    except NewerDatabaseError as error:
        fail(words("cli.migrate.newer", found=error))
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        fail(words("cli.migrate.unreachable", url=shown, detail=reason))
    finally:
        database.close()
