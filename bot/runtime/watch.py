"""Tries whether anything can be written, and tells the duty desk when it can again."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.core.messages import Say, ToDuty
from bot.runtime.runner import Runner
from schedules.tick import Tick
from storage import once
from storage.delivery import queues
from storage.writers import Writer

EVERY = 15.0
"""Seconds between two tries."""
PATIENCE = 10.0
"""Seconds until a try counts as failed: the platforms cut an exchange after five."""
KEY = "probe"
log = structlog.get_logger()


class Watch:
    """One for each process: it knows whether this process can write."""

    def __init__(self, writer: Writer, clock: Clock, runner: Runner) -> None:
        self._writer = writer
        self._clock = clock
        self._runner = runner
        self._trying: asyncio.Future[datetime | None] | None = None
        self._failing_since: datetime | None = None
        self.can_write: bool | None = None
        """None before the first try."""
        self.oldest: datetime | None = None
        """Since when the message waits that has been due longest; None for none."""

    async def run(self) -> None:
        """Try until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self, patience: float = PATIENCE) -> bool:
        """Write a row and commit it; whether that came to an end in time."""
        now = self._clock.now()
        if self._trying is None or self._trying.done():
            # A try that hangs is not joined by others: they would only wait behind it.
            self._trying = asyncio.wrap_future(
                self._writer.submit(lambda db: _write_probe(db, now))
            )
        await asyncio.wait({self._trying}, timeout=patience)
        error = self._trying.exception() if self._trying.done() else TimeoutError()
        self.can_write = error is None
        if error is None:
            self.oldest = self._trying.result()
            await self._report_over(now)
        elif self._failing_since is None:
            self._failing_since = now
            log.error("nothing can be written", reason=type(error).__name__)
        return self.can_write

    async def _report_over(self, now: datetime) -> None:
        """While it lasts nobody can be told: the words themselves could not be written."""
        since, self._failing_since = self._failing_since, None
        if since is None:
            return
        log.warning("can be written again", since=since)

        def tell(_tick: Tick) -> list[Say]:
            return [Say(ToDuty(), "fault.not_written", {"since": since, "until": now})]

        await self._runner.tick(f"watch:{since.isoformat()}", tell, now)


def _write_probe(db: Connection, now: datetime) -> datetime | None:
    once.touch(db, KEY, now)
    return queues.oldest_due(db, now)
