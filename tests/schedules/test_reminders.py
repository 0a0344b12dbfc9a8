"""A reminder of several issues is rechecked when it leaves: what is done is not in it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Row, select

from bot import demo
from bot.app import App
from bot.channels.local import Local
from bot.core.messages import Address, Content, Incoming, Kind
from storage.tables.delivery import outbox
from tests.conftest import MONDAY

HALF = MONDAY + timedelta(minutes=31)
"""Half of the hour to accept is over."""


async def _say(app: App, who: str, words: str) -> None:
    address, content = Address(demo.CHANNEL, who), Content(Kind.TEXT, words)
    await app.runner.hear(Incoming(f"{who}:{words}", address, content, app.clock.now()))


async def _play_reminder(app: App, *done: str) -> "Row[tuple[object, ...]]":
    """Two issues of one liaison, whose phone is out of reach when the reminder is written; what
    they did before it left; the reminder."""
    await app.start()
    await _say(app, "hengyu", "三号路积水")
    await _say(app, "xinzheng", "西门的灯坏了")
    phones = app.channels[demo.CHANNEL]
    assert isinstance(phones, Local)
    phones.failing.add("zhao")
    await app.advance(HALF)
    for words in done:
        await _say(app, "zhao", words)
    phones.failing.clear()
    await app.advance(HALF + timedelta(minutes=15))
    with app.database.read() as db:
        row = db.execute(select(outbox).where(outbox.c.kind == "notice.remind_several")).one()
    await app.stop()
    return row


@pytest.mark.parametrize(
    ("done", "left"),
    [
        ((), ["001", "002"]),
        (("受理 001",), ["002"]),
        (("受理 001", "受理 002"), []),
    ],
)
def test_only_what_is_still_owed_leaves(
    make_app: Callable[..., App], done: tuple[str, ...], left: list[str]
) -> None:
    row = asyncio.run(_play_reminder(make_app(), *done))
    if not left:
        assert (row.sent_at, row.error) == (None, "stale")
        return
    assert row.sent_at is not None
    assert f"{len(left)} 件" in row.text
    for number in ("001", "002"):
        assert (f"YZ-20241014-{number}" in row.text) is (number in left)
