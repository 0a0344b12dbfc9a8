"""`python -m bot backup` and `restore`: everything in one file, while the bot runs, and back."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.migrate import open_database
from bot.commands.terminal.progress import LateBar
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.system_errors import explain_system_error
from bot.settings import Settings
from storage.backup import UnusableBackupError, back_up
from storage.backup import restore as lay_out
from storage.database import Database

Out = Annotated[Path, typer.Argument(metavar="OUT.zip", help=words("backup.out"))]
Source = Annotated[Path, typer.Argument(metavar="FILE.zip", help=words("backup.file"))]


def backup(out: Out) -> None:
    given = settings()
    source = _file_of(given)
    if out.suffix.lower() != ".zip":
        fail(words("backup.not_zip", path=out))
    if out.exists():
        fail(words("backup.exists", path=out))
    if not source.exists():
        fail(words("backup.nothing", path=source))
    with open_database(given):  # a database that cannot be read is no backup either
        pass
    try:
        with LateBar(words("backup.copying")) as bar:
            count = back_up(source, _folders(given), out, bar.step)
    except OSError as error:
        fail(words("backup.not_written", path=out, detail=explain_system_error(error)))
    say(words("backup.written", path=out, count=count, size=_megabytes(out)))


def restore(file: Source) -> None:
    given = settings()
    target = _file_of(given)
    try:
        with LateBar(words("backup.laying")) as bar:
            count = lay_out(file, target, _folders(given), bar.step)
    except FileExistsError:
        fail(words("backup.in_the_way", path=target))
    except UnusableBackupError as error:
        fail(words(f"backup.reason.{error.reason}", path=file, detail=error.detail))
    except OSError as error:
        fail(
            words(
                "backup.not_read", path=error.filename or file, detail=explain_system_error(error)
            )
        )
    say(words("backup.restored", path=target, count=count))


def _file_of(given: Settings) -> Path:
    """The database's file. Ends the command where it has none: PostgreSQL has its own tools."""
    database = Database(given.storage.url)
    database.close()
    if not database.is_sqlite or not database.url.database:
        fail(words("backup.not_sqlite"))
    return Path(database.url.database)


def _folders(given: Settings) -> dict[str, Path]:
    return {"media": Path(given.storage.media), "models": Path(given.storage.models)}


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1_000_000:.1f}"
