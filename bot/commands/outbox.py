"""`python -m bot outbox`: what has not arrived and why; try it again, or drop it."""

from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.terminal.cli_help import Command, Group
from bot.commands.terminal.words import fail, load_shipped_texts, say, settings, words
from bot.core.messages import Line
from bot.texts import Texts
from storage.delivery.undelivered import Undelivered, drop, list_undelivered, retry

WIDTH = 40
"""Characters of a message that are shown."""
Id = Annotated[int, typer.Argument(metavar="ID", min=1, help=words("outbox.id"))]
app = typer.Typer(
    cls=Group,
    help=words("outbox.help"),
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def _list_by_default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        show()


@app.command("list", cls=Command, help=words("outbox.list"))
def show() -> None:
    given, now = settings(), SystemClock().now()
    with open_database(given) as database, database.read() as db:
        found = list_undelivered(db, now)
    for parcel in found:
        say(_block(parcel, load_shipped_texts(given.zone)))
    say(words("outbox.count", count=len(found)) if found else words("outbox.nothing"))


@app.command("retry", cls=Command, help=words("outbox.retry"))
def again(parcel: Id) -> None:
    with open_database(settings()) as database, database.write() as db:
        done = retry(db, parcel, SystemClock().now())
    _answer(done, words("outbox.retried", id=parcel), parcel)


@app.command("drop", cls=Command, help=words("outbox.drop"))
def away(
    parcel: Id,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=words("outbox.why"))],
) -> None:
    if not why.strip():
        fail(words("outbox.why_empty"))
    with open_database(settings()) as database, database.write() as db:
        done = drop(db, parcel, SystemClock().now(), why.strip())
    _answer(done, words("outbox.dropped", id=parcel), parcel)


def _answer(done: bool, told: str, parcel: int) -> None:
    if not done:
        fail(words("outbox.no_such", id=parcel))
    say(told)


def _block(one: Undelivered, texts: Texts) -> str:
    key, _, detail = one.error.partition(": ")
    values = {
        "id": one.id,
        "wait": one.wait,
        "until": one.until,
        "name": one.name or Line("people.stranger"),
        "thread": f"{one.channel} {one.address}",
        "created": one.created_at,
        "text": " ".join(one.text.split())[:WIDTH],
        "attempts": one.attempts or None,
        "reason": Line(key) if key in texts.words else key or None,
        "detail": detail or None,
    }
    return texts.render("outbox.block", values)
