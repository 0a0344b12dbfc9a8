"""An issue that the clock stumbles over does not stop the clock of the others."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from bot import demo
from bot.app import App
from bot.core.messages import Address, Content, Incoming, Kind
from storage.tables.delivery import outbox
from storage.tables.issues import events, issues
from tests.conftest import MONDAY


async def _say(app: App, who: str, words: str) -> None:
    address = Address(demo.CHANNEL, who)
    content = Content(Kind.TEXT, words)
    await app.runner.hear(Incoming(f"{who}:{words}", address, content, app.clock.now(), slot=True))


async def _two_issues_one_poisoned(app: App) -> None:
    await _say(app, "hengyu", "车间停电了")
    await _say(app, "lvzhou", "宿舍停水了")
    with app.database.write() as db:
        first = issues.c.number.endswith("-001")
        db.execute(update(issues).where(first).values(terms="not,a,span"))
    await app.advance(MONDAY + timedelta(hours=2))


def test_the_others_are_told_and_the_desk_hears_of_it(make_app: Callable[..., App]) -> None:
    async def play_story() -> None:
        app = make_app()
        await app.start()
        try:
            await _two_issues_one_poisoned(app)
            with app.database.read() as db:
                climbed = select(issues.c.number).join(events, events.c.issue_id == issues.c.id)
                escalated = db.execute(climbed.where(events.c.move == "escalate")).scalars()
                assert list(escalated) == ["YZ-20241014-002"]
                told = select(outbox.c.text).where(outbox.c.kind == "fault.clock")
                texts = list(db.execute(told).scalars())
        finally:
            await app.stop()
        assert texts
        assert all("YZ-20241014-001" in text for text in texts)

    asyncio.run(play_story())
