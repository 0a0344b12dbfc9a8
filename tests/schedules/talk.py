"""A few words and ticks on an app whose clock is set by hand, without walking through the days."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count

from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Incoming, Kind
from schedules.tick import Tick

KEYS = count()


async def says(app: App, who: str, words: str) -> str:
    """What somebody is answered; the first reply."""
    key, content = f"play:{next(KEYS)}", Content(Kind.TEXT, words)
    address = Address("local", who)
    done = await app.runner.hear(Incoming(key, address, content, app.clock.now(), slot=True))
    assert done.fault is None, words
    app.postman.mark_arrived(done.replies)
    return "\n".join(reply.text for reply in done.replies)


async def ticks(app: App, job: Callable[[Tick], object], at: datetime) -> None:
    assert isinstance(app.clock, MovableClock)
    app.clock.set(at)
    await app.runner.tick(f"tick:{next(KEYS)}", job, at)  # type: ignore[arg-type]


def play(app: App, story: Callable[[App], Awaitable[None]]) -> None:
    async def whole() -> None:
        await app.start()
        try:
            await story(app)
        finally:
            await app.stop()

    asyncio.run(whole())
