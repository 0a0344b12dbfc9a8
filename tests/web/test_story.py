"""The example story is told to its end by what people could type."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from bot.app import App
from bot.channels.local import Local
from bot.clock import MovableClock
from bot.demo import phones
from bot.settings import Settings
from bot.web.phones.clock_page import Traveller
from bot.web.phones.roster import roster
from bot.web.phones.screens import Screens
from bot.web.phones.story import Story
from tests.conftest import MONDAY


async def _play_story(app: App) -> dict[str, object]:
    local = app.channels["local"]
    assert isinstance(local, Local)
    story = Story(app, local, roster("群", phones()), Traveller(app, local))
    await app.start()
    await app.work()
    try:
        assert story.play(0)
        assert not story.play(0)
        while story.describe_state()["playing"]:
            await local.until_changed(0.05)
        with app.database.read() as db:
            screens = Screens(db, app.texts, local, app.park.quiet, app.clock.now())
            items = screens.of(phones()[0])["items"]
        return {**story.describe_state(), "items": items}
    finally:
        await app.stop()


def test_it_is_told_at_any_hour(make_settings: Callable[..., Settings]) -> None:
    at_night = MONDAY + timedelta(hours=13)
    told = asyncio.run(_play_story(App(make_settings(), MovableClock(at_night))))
    assert told["ending"] == "told"
    assert told["at"] == told["of"]
    assert "已销号" in str(told["items"])
