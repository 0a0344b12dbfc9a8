"""The command line: `python -m bot …`."""

import sys

import typer

from bot.commands import outbox
from bot.commands.check import check
from bot.commands.manners import Command, Group, obey
from bot.commands.migrate import migrate
from bot.commands.qr import qr
from bot.commands.run import run
from bot.commands.words import words

app = typer.Typer(
    cls=Group,
    help=words("cli.help"),
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run", cls=Command, help=words("cli.run.help"))(run)
app.command("check", cls=Command, help=words("check.help"))(check)
app.command("migrate", cls=Command, help=words("cli.migrate.help"))(migrate)
app.add_typer(outbox.app, name="outbox")
app.command("qr", cls=Command, help=words("qr.help"))(qr)

if __name__ == "__main__":
    sys.exit(obey(app))
