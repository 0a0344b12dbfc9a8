"""Nobody of an enterprise is left without any answer for longer than a quarter of an hour."""

from collections.abc import Callable
from datetime import timedelta

from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Incoming, Kind
from handlers.talk.silence import LONGEST
from tests.conftest import MONDAY
from tests.schedules.talk import play


async def repeat_itself(app: App, key: str, revises: str = "") -> str:
    """The same words, sent or sent again as an edit that changes nothing."""
    content = Content(Kind.TEXT, "食堂门口路灯坏了")
    address = Address("local", "lvzhou")
    said = Incoming(key, address, content, app.clock.now(), slot=True, revises=revises)
    done = await app.runner.hear(said)
    app.postman.mark_arrived(done.replies)
    await app.postman.drain()
    return "\n".join(reply.text for reply in done.replies)


def test_a_message_without_an_answer_gets_one_after_a_quarter_of_an_hour(
    make_app: Callable[..., App],
) -> None:
    async def story(app: App) -> None:
        assert isinstance(app.clock, MovableClock)
        assert "【已收到】" in await repeat_itself(app, "play:a")
        app.clock.set(MONDAY + LONGEST - timedelta(minutes=1))
        assert await repeat_itself(app, "play:b", "play:a") == ""
        app.clock.set(MONDAY + LONGEST + timedelta(minutes=1))
        assert "【收到】" in await repeat_itself(app, "play:c", "play:a")

    play(make_app(), story)
