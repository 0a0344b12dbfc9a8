"""`python -m bot minutes`: the minutes of a session, as text or as a Word file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.actions.sessions.minutes import build_values, of_session
from bot.actions.sessions.minutes_file import write_minutes
from bot.actions.sessions.minutes_template import BrokenTemplate
from bot.commands.agenda import context, the_session
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.system_errors import explain_system_error


def minutes(
    number: Annotated[int, typer.Argument(metavar="N", help=words("cli.minutes.number"))],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.docx", help=words("cli.minutes.out"))
    ] = None,
) -> None:
    given = settings()
    with context(given) as looking:
        whole = of_session(looking, the_session(looking, number))
        if out is None:
            say(looking.texts.render("minutes.whole", build_values(looking, whole)))
            return
        try:
            write_minutes(looking, whole, given.sessions.template, out)
        except BrokenTemplate as error:
            fail(words("cli.minutes.broken", file=given.sessions.template, why=error.why))
        except OSError as error:
            fail(words("cli.minutes.not_written", path=out, detail=explain_system_error(error)))
    say(words("cli.minutes.written", path=out))
