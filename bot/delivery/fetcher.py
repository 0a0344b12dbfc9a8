"""Brings in what people sent: platforms keep a picture or a voice for a few days only."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from bot.channels.base import Source, Undeliverable
from bot.clock import Clock
from storage.media import media
from storage.media.files import MediaFolder, NotMedia
from storage.media.media import KeptMedia
from storage.writers import Writer

T = TypeVar("T")
LEASE = timedelta(minutes=2)
FETCH_LIMIT = 60.0
"""Seconds for one fetch; below the lease."""
HEARTBEAT = 2.0
TRIES = 40
LONGEST_WAIT = timedelta(hours=1)
"""With so many tries and waits the fetching goes on for half of a platform's three days."""
log = structlog.get_logger()


class Fetcher:
    """Fetches after the commit, never within a turn."""

    def __init__(
        self, writer: Writer, clock: Clock, sources: Mapping[str, Source], folder: MediaFolder
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._sources = sources
        self._folder = folder
        self._wakened = asyncio.Event()

    def wake(self) -> None:
        """There may be something to fetch."""
        self._wakened.set()

    async def run(self) -> None:
        """Fetch until cancelled."""
        while True:
            try:
                took = await self.round()
            except Exception:
                log.exception("fetcher failed")
                took = 0
            if not took:
                await self._rest()

    async def round(self) -> int:
        """Fetch what waits; how many things that were."""
        self._wakened.clear()
        now = self._clock.now()
        waiting = await self._write(lambda db: media.claim_waiting(db, now, LEASE, 8))
        await asyncio.gather(*(self._fetch(item) for item in waiting))
        return len(waiting)

    async def _fetch(self, item: KeptMedia) -> None:
        try:
            source = self._sources.get(item.channel)
            if source is None:
                raise Undeliverable("delivery.no_channel", permanent=True)
            content = await asyncio.wait_for(source.fetch(item), FETCH_LIMIT)
            path, mime = await asyncio.to_thread(self._folder.put, content)
        except (Undeliverable, NotMedia, TimeoutError, OSError) as error:
            await self._put_off(item, error)
            return
        await self._write(lambda db: media.mark_fetched(db, item.id, path, mime))

    async def _put_off(self, item: KeptMedia, error: Exception) -> None:
        log.warning("not fetched", media=item.id, attempts=item.attempts, error=str(error))
        useless = isinstance(error, NotMedia) or getattr(error, "permanent", False)
        again = None
        if not useless and item.attempts < TRIES:
            again = self._clock.now() + _wait(item.attempts)
        await self._write(lambda db: media.mark_failed(db, item.id, str(error), again))

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wakened.wait(), HEARTBEAT)
        except TimeoutError:
            return

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))


def _wait(attempts: int) -> timedelta:
    doubled: int = 2 ** min(attempts, 16)
    return min(timedelta(seconds=5) * doubled, LONGEST_WAIT)
