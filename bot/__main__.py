"""The command line: `python -m bot …`."""

import sys

import typer

from bot.commands import chain, export, menu, outbox
from bot.commands.agenda import agenda
from bot.commands.backup import backup, restore
from bot.commands.check import check
from bot.commands.classify import route
from bot.commands.coverage import coverage
from bot.commands.digest import digest
from bot.commands.import_ import import_
from bot.commands.learn import learn
from bot.commands.migrate import migrate
from bot.commands.minutes import minutes
from bot.commands.qr.command import qr
from bot.commands.rehearse import rehearse
from bot.commands.run import run
from bot.commands.template import template
from bot.commands.terminal.cli_help import Command, Group, obey
from bot.commands.terminal.words import words

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
app.command("import", cls=Command, help=words("import.help"))(import_)
app.command("template", cls=Command, help=words("template.help"))(template)
app.command("coverage", cls=Command, help=words("coverage.help"))(coverage)
app.command("route", cls=Command, help=words("route.help"))(route)
app.command("learn", cls=Command, help=words("learn.help"))(learn)
app.command("rehearse", cls=Command, help=words("rehearsal.help"))(rehearse)
app.command("agenda", cls=Command, help=words("cli.agenda.help"))(agenda)
app.command("minutes", cls=Command, help=words("cli.minutes.help"))(minutes)
app.command("backup", cls=Command, help=words("backup.help"))(backup)
app.command("restore", cls=Command, help=words("backup.restore_help"))(restore)
app.command("digest", cls=Command, help=words("cli.digest.help"))(digest)
app.add_typer(export.app, name="export")
app.add_typer(chain.app, name="chain")
app.add_typer(outbox.app, name="outbox")
app.add_typer(menu.wechat, name="wechat")
app.add_typer(menu.wecom, name="wecom")
app.add_typer(menu.telegram, name="telegram")
app.command("qr", cls=Command, help=words("qr.help"))(qr)

if __name__ == "__main__":
    sys.exit(obey(app))
