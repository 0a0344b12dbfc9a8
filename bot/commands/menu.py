"""`python -m bot wechat menu`, `wecom menu`, `telegram menu`: publish the account's menu."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from bot import texts
from bot.channels.base import Undeliverable
from bot.channels.menus import (
    FOR_FIRMS,
    FOR_STAFF,
    SLASHES,
    Usual,
    difference,
    lines,
    mute,
    usual,
    wire,
)
from bot.channels.tencent.platform_api import PlatformApi
from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.terminal.cli_help import Command, Group
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.messages import Line
from bot.settings import Settings
from bot.settings.menus import MenuRow
from bot.texts import Texts
from storage.writers import Writer, writer_for

DryRun = Annotated[bool, typer.Option("--dry-run", help=words("menus.dry_run_help"))]


def _group(meaning: str) -> typer.Typer:
    return typer.Typer(
        cls=Group,
        help=meaning,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


wechat = _group(words("menus.wechat"))
wecom = _group(words("menus.wecom"))
telegram = _group(words("menus.telegram"))


@wechat.command("menu", cls=Command, help=words("menus.help"))
def of_wechat(dry_run: DryRun = False) -> None:
    given = _require_channel("wechat")
    rows = _rows(given, given.channels.wechat.menu, FOR_FIRMS)
    with _open_writer(given) as writer:
        from bot.channels.wechat.api import Api

        channel = given.channels.wechat
        secret = channel.secret.get_secret_value()
        _publish(
            Api(channel.app_id, secret, channel.api_base, writer, SystemClock()), rows, dry_run
        )


@wecom.command("menu", cls=Command, help=words("menus.help"))
def of_wecom(dry_run: DryRun = False) -> None:
    given = _require_channel("wecom")
    rows = _rows(given, given.channels.wecom.menu, FOR_STAFF)
    with _open_writer(given) as writer:
        from bot.channels.wecom.api import WorkApi

        _publish(WorkApi(given.channels.wecom, writer, SystemClock()), rows, dry_run)


@telegram.command("menu", cls=Command, help=words("menus.help"))
def of_telegram(dry_run: DryRun = False) -> None:
    given = _require_channel("telegram")
    spoken = _load_texts(given)
    wanted = [(verb, spoken.command(verb)) for verb in SLASHES]
    try:
        asyncio.run(_slashes(given, wanted, dry_run))
    except Undeliverable as trouble:
        _report_failure(trouble)


async def _slashes(given: Settings, wanted: Sequence[tuple[str, str]], dry_run: bool) -> None:
    from bot.channels.telegram.api import Api

    channel = given.channels.telegram
    api = Api(channel.token.get_secret_value(), channel.api_base)
    try:
        before, after = _format_commands(await api.commands()), _format_commands(wanted)
        if _is_to_go_out(before, after, dry_run):
            await api.set_commands(wanted)
            say(words("menus.published"))
    finally:
        await api.close()


def _format_commands(commands: Sequence[tuple[str, str]]) -> list[str]:
    return [f"/{name} {word}" for name, word in commands]


def _publish(api: PlatformApi, rows: Sequence[MenuRow], dry_run: bool) -> None:
    after = wire(rows)
    try:
        if _is_to_go_out(list(lines(api.menu())), list(lines(after)), dry_run):
            api.set_menu(after)
            say(words("menus.published"))
    except Undeliverable as trouble:
        _report_failure(trouble)
    finally:
        api.close()


def _is_to_go_out(before: list[str], after: list[str], dry_run: bool) -> bool:
    """Show the difference; whether something is to be published."""
    for line in difference(before, after):
        say(line)
    if before == after or dry_run:
        say(words("menus.same") if before == after else words("menus.dry_run"))
        return False
    return True


def _rows(given: Settings, own: Sequence[MenuRow], otherwise: Usual) -> Sequence[MenuRow]:
    """The park's own menu, or the usual one. Ends the command where a button says no command."""
    spoken = _load_texts(given)
    rows = own or usual(otherwise, spoken)
    if silent := mute(rows, spoken):
        fail(words("menus.mute", words="、".join(silent)))
    return rows


def _load_texts(given: Settings) -> Texts:
    return texts.load(given.zone, given.texts)


def _require_channel(name: str) -> Settings:
    given = settings()
    if not getattr(given.channels, name).enabled:
        fail(words("menus.off", channel=name))
    return given


@contextmanager
def _open_writer(given: Settings) -> Iterator[Writer]:
    with open_database(given) as database:
        writer = writer_for(database)
        try:
            yield writer
        finally:
            writer.close()


def _report_failure(trouble: Undeliverable) -> None:
    fail(words("menus.failed", reason=Line(trouble.reason), detail=trouble.detail))
