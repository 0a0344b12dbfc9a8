"""`python -m bot export`: sessions or promises as a workbook."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.agenda import scene
from bot.commands.template import fresh
from bot.commands.words import fail, say, settings, words
from bot.monday.workbook import promise_rows, session_rows, write


class Export(StrEnum):
    """What can be exported."""

    SESSIONS = "sessions"
    PROMISES = "promises"


def export(
    what: Annotated[
        Export, typer.Argument(metavar="sessions|promises", help=words("cli.export.what"))
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=words("cli.export.out"))],
) -> None:
    given = settings()
    fresh(out)
    with scene(given) as looking:
        rows = session_rows(looking) if what is Export.SESSIONS else promise_rows(looking)
        headings = looking.texts.words[f"workbook.{what}"].split()
        try:
            write(out, looking.texts.words[f"workbook.{what}_sheet"], headings, rows)
        except OSError as error:
            fail(words("template.not_written", path=out, detail=error.strerror))
    say(words("cli.export.written", path=out, count=len(rows)))
