"""How a binding code gets from paper into a chat: what the square says, what the person does."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.base import Undeliverable
from bot.clock import SystemClock
from bot.commands.terminal.words import say, words
from bot.core.messages import Line
from bot.settings import Settings
from bot.texts import Texts
from storage.database import Database
from storage.writers import writer_for

FOR_FIRMS = ("wechat", "telegram", "wecom")
FOR_STAFF = ("wecom", "telegram", "wechat")
LONGEST = timedelta(days=30)
"""The platform's own limit for a square with a code of ours in it."""


@dataclass(frozen=True)
class Way:
    """What a square says to who scans it, and what is to be done, in words."""

    square: str
    steps: str


Ways = Callable[[str], Way]
"""The way of a code."""


def usual_place(given: Settings, *, staff: bool) -> str:
    """Where most of them are, of the channels that are switched on; "" where none is."""
    order = FOR_STAFF if staff else FOR_FIRMS
    return next((name for name in order if getattr(given.channels, name).enabled), "")


@contextmanager
def ways(given: Settings, spoken: Texts, database: Database, place: str) -> Iterator[Ways]:
    """How codes are used at a place. What the platform has to make is asked of it; where it does
    not answer, that is said once and the words to type stand on the paper."""
    in_words = _build_typed_ways(spoken, place)
    if place == "telegram" and (name := _name_of_bot(given)):
        yield lambda code: _build_link_way(spoken, name, code)
    elif place == "wechat":
        with _open_scan_ways(given, spoken, database, in_words) as scanned:
            yield scanned
    else:
        yield in_words


def _build_typed_ways(spoken: Texts, place: str) -> Ways:
    key = place if place == "wecom" else "words"

    def build_way(code: str) -> Way:
        command = f"{spoken.command('bind')} {code}"
        return Way(command, spoken.render(f"qr.steps_{key}", {"command": command}))

    return build_way


def _build_link_way(spoken: Texts, name: str, code: str) -> Way:
    link = f"https://t.me/{name}?start={code}"
    command = f"{spoken.command('bind')} {code}"
    return Way(link, spoken.render("qr.steps_telegram", {"link": link, "command": command}))


def _name_of_bot(given: Settings) -> str:
    # The platform's library is dear to import: only where the channel is asked for.
    from bot.channels.telegram.api import Api

    async def fetch_name() -> str:
        api = Api(
            given.channels.telegram.token.get_secret_value(), given.channels.telegram.api_base
        )
        try:
            return await api.name()
        finally:
            await api.close()

    try:
        return asyncio.run(fetch_name())
    except Undeliverable as trouble:
        _say(trouble)
        return ""


@contextmanager
def _open_scan_ways(
    given: Settings, spoken: Texts, database: Database, in_words: Ways
) -> Iterator[Ways]:
    """Squares of the account's own (带参数二维码): scanning one follows the account and binds."""
    from bot.channels.wechat.api import Api

    channel, writer = given.channels.wechat, writer_for(database)
    secret = channel.secret.get_secret_value()
    api = Api(channel.app_id, secret, channel.api_base, writer, SystemClock())
    good_for = min(timedelta(days=given.limits.code_days), LONGEST)
    failed = False

    def build_way(code: str) -> Way:
        nonlocal failed
        if not failed:
            try:
                square = api.square(code, good_for)
                command = f"{spoken.command('bind')} {code}"
                return Way(square, spoken.render("qr.steps_wechat", {"command": command}))
            except Undeliverable as trouble:
                failed = True
                _say(trouble)
        return in_words(code)

    try:
        yield build_way
    finally:
        api.close()
        writer.close()


def _say(trouble: Undeliverable) -> None:
    say(words("qr.not_made", reason=Line(trouble.reason), detail=trouble.detail))
