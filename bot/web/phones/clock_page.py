"""Moves the clock of the demo, and lets everyone who follows it look at it again."""

import asyncio
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.channels.local import Local
from bot.clock import MovableClock
from bot.web.services import Site

SESSION = time(19, 30)
"""When the Monday session begins, in the park's zone."""


class Jump(StrEnum):
    """Where the clock can be moved to."""

    HOUR = "hour"
    MONDAY = "monday"
    NOW = "now"


class Fixed(RuntimeError):  # noqa: N818 - a fact
    """The clock is the machine's own and is not moved: this is no demo."""


class Traveller:
    """Moves the clock, one journey at a time: two clicks are two journeys, one after the other."""

    def __init__(self, site: Site, local: Local) -> None:
        self._site = site
        self._local = local
        self._on_the_way = asyncio.Lock()

    async def jump(self, to: Jump) -> None:
        """Move the clock and do what falls due on the way. Raises Fixed."""
        async with self._on_the_way:
            clock = self._clock()
            now = clock.now()
            if to is Jump.NOW:
                await self._back(clock)
            elif to is Jump.HOUR:
                await self._on(now + timedelta(hours=1))
            else:
                await self._on(next_session(now, self._site.settings.zone))

    async def on(self, moment: datetime) -> None:
        """Go on to a moment. Raises Fixed."""
        self._clock()
        async with self._on_the_way:
            await self._on(moment)

    async def _on(self, moment: datetime) -> None:
        await self._site.advance(moment)
        self._site.fetcher.wake()
        self._local.wake_pages()

    async def _back(self, clock: MovableClock) -> None:
        clock.reset()
        await self._site.timekeeper.look()
        self._site.postman.wake()
        self._local.wake_pages()

    def _clock(self) -> MovableClock:
        if not isinstance(self._site.clock, MovableClock):
            raise Fixed
        return self._site.clock


def next_session(now: datetime, zone: tzinfo) -> datetime:
    """The next Monday 19:30 after `now`, in the park's zone."""
    today = now.astimezone(zone)
    monday = today.date() + timedelta(days=-today.weekday() % 7)
    start = datetime.combine(monday, SESSION, zone)
    return start if start > now else start + timedelta(days=7)
