"""Lets words leave that their writer has not kept back in time."""

import asyncio
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.runtime.runner import Runner
from storage.database import Database
from storage.delivery import held_words

LOOK = timedelta(seconds=20)
"""How long at most between looks: for what another process, gone since, was to let leave."""
log = structlog.get_logger()


class Releaser:
    """One for each process; the database keeps them from sending the same words twice."""

    def __init__(self, database: Database, clock: Clock, runner: Runner) -> None:
        self._database = database
        self._clock = clock
        self._runner = runner
        self._wakened = asyncio.Event()

    def wake(self) -> None:
        """There may be words that leave sooner than was known."""
        self._wakened.set()

    async def run(self) -> None:
        """Let leave what is due until cancelled, at its very second."""
        while True:
            try:
                await self.look()
                wait = await asyncio.to_thread(self._find_wait)
            except Exception:
                log.exception("held words not looked at")
                wait = LOOK
            await self._rest(wait)

    async def look(self) -> None:
        """Let leave what is due now. What fails is kept and its writer told, so that it holds up
        nothing else."""
        with self._database.read() as db:
            due = held_words.list_due(db, self._clock.now())
        for held_id in due:
            await self._runner.send_held(held_id)

    def _find_wait(self) -> timedelta:
        with self._database.read() as db:
            due = held_words.next_due_at(db)
        return LOOK if due is None else min(max(due - self._clock.now(), timedelta(0)), LOOK)

    async def _rest(self, wait: timedelta) -> None:
        try:
            await asyncio.wait_for(self._wakened.wait(), wait.total_seconds())
        except TimeoutError:
            return
        self._wakened.clear()
