"""`python -m bot export`: what the bot remembers, as files for the office."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.actions.context import Context
from bot.actions.leaders.reforms import rows as reform_rows
from bot.actions.projects import rows as project_rows
from bot.commands.agenda import context
from bot.commands.ledger import ledger
from bot.commands.template import fresh
from bot.commands.terminal.cli_help import Command, Group
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.system_errors import explain_system_error
from bot.ledger.sessions import Row, promise_rows, session_rows, write

Out = Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=words("cli.export.out"))]
app = typer.Typer(
    cls=Group,
    help=words("cli.export.help"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("ledger", cls=Command, help=words("cli.ledger.help"))(ledger)


@app.command("sessions", cls=Command, help=words("cli.export.sessions"))
def sessions(out: Out) -> None:
    _export(out, "workbook.sessions", session_rows)


@app.command("promises", cls=Command, help=words("cli.export.promises"))
def promises(out: Out) -> None:
    _export(out, "workbook.promises", promise_rows)


@app.command("reforms", cls=Command, help=words("cli.export.reforms"))
def reforms(out: Out) -> None:
    _export(out, "workbook.reforms", reform_rows)


@app.command("projects", cls=Command, help=words("cli.export.projects"))
def projects(out: Out) -> None:
    _export(out, "workbook.projects", project_rows)


def _export(out: Path, key: str, rows_of: Callable[[Context], Sequence[Row]]) -> None:
    """A workbook of one sheet; `key` has its headings, `key` with `_sheet` its name."""
    given = settings()
    fresh(out)
    with context(given) as looking:
        rows, known = rows_of(looking), looking.texts.words
        try:
            write(out, known[f"{key}_sheet"], known[key].split(), rows)
        except OSError as error:
            fail(words("template.not_written", path=out, detail=explain_system_error(error)))
    say(words("cli.export.written", path=out, count=len(rows)))
