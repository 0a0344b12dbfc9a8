"""`python -m bot agenda`: what comes up at a session, as the office sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot import texts
from bot.actions.context import Context
from bot.actions.sessions import agenda as agenda_actions
from bot.actions.sessions.agenda_card import build_whole
from bot.actions.sessions.views import items_of
from bot.classifier.models import Learning
from bot.classifier.names import Naming
from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.sessions.session import TO_COME, Session
from bot.settings import Settings
from storage.sessions import sessions


def agenda(
    session: Annotated[
        int | None, typer.Option("--session", metavar="N", help=words("cli.agenda.session"))
    ] = None,
) -> None:
    given = settings()
    with context(given) as looking:
        found = the_session(looking, session)
        ahead = found.stage in TO_COME
        items = agenda_actions.preview_agenda(looking, found) if ahead else items_of(looking, found)
        told = {**build_whole(looking, found, items), "more": None}
        say(looking.texts.render("agenda.whole", told))


@contextmanager
def context(given: Settings) -> Iterator[Context]:
    """A look at the database that changes nothing."""
    spoken = texts.load(given.zone, given.texts)
    learning = Learning(given.taxonomy, given.storage.models)
    with open_database(given) as database, database.read() as db:
        yield Context(db, SystemClock().now(), given.build_park(), spoken, "", learning, Naming())


def the_session(looking: Context, number: int | None) -> Session:
    """The session with this number, else the next, else the last. Ends the command without one."""
    if number is not None:
        found = sessions.by_number(looking.db, number)
    else:
        ahead = sessions.to_come(looking.db)
        found = ahead[0] if ahead else sessions.last_held(looking.db)
    if found is None:
        fail(words("cli.agenda.none" if number is None else "cli.agenda.unknown", number=number))
    return found
