"""`python -m bot template`: the empty workbook that the office fills in."""

from pathlib import Path
from typing import Annotated

import typer

from bot import texts
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.system_errors import explain_system_error
from bot.registry.template import write_template


def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=words("template.out"))],
) -> None:
    given = settings()
    fresh(out)
    try:
        write_template(out, texts.load(given.zone, given.texts), tuple(given.service_levels))
    except OSError as error:
        fail(words("template.not_written", path=out, detail=explain_system_error(error)))
    say(words("template.ready", path=out))


def fresh(out: Path) -> None:
    """End the command unless the name is one that a new workbook can have."""
    if out.suffix.lower() != ".xlsx":
        fail(words("template.not_xlsx", path=out))
    # A workbook of this name may be hours of somebody's typing.
    if out.exists():
        fail(words("template.exists", path=out))
