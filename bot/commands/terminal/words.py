"""The command line's words and marks, and how a command ends badly."""

from datetime import UTC, tzinfo
from functools import cache
from pathlib import Path
from typing import NoReturn

import typer

from bot import texts
from bot.settings import Settings, SettingsError, load

REFUSED = 1
"""Exit code of a command that was understood and could not be done."""
MISUSED = 2
"""Exit code of a command that was not understood."""


def words(key: str, **values: object) -> str:
    """The shipped words of a key; a park's own file is not needed before settings are read."""
    return load_shipped_texts(UTC).render(key, values)


def say(text: str) -> None:
    """One line or more for the person at the terminal."""
    typer.echo(text)


def fail(text: str, code: int = REFUSED) -> NoReturn:
    """Say why, on standard error, and end."""
    typer.echo(text, err=True)
    raise typer.Exit(code)


def settings(path: Path | None = None) -> Settings:
    """The settings, of a file or the usual ones, or the end of the command with every fault of them
    in words."""
    try:
        return load(path)
    except SettingsError as error:
        faults = tuple(fault.line for fault in error.faults)
        fail(words("cli.bad_settings", faults=faults))


@cache
def load_shipped_texts(zone: tzinfo) -> texts.Texts:
    """All shipped words; moments are printed in `zone`."""
    return texts.load(zone)
