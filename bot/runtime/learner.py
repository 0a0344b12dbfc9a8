"""Learns the categories anew when the night asks for it, and tells the office what came of it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.classifier.models import Learning, Refit
from bot.clock import Clock
from bot.core.classifier.model import Model
from bot.core.messages import Say, ToDuty
from bot.runtime.runner import Runner
from schedules.tick import Tick
from storage.database import Database
from storage.writers import Writer

LOOK = 20.0
"""Seconds between looks whether it is asked for."""
log = structlog.get_logger()


class Learner:
    """One for each process; whichever process was asked trains, the others find the new model."""

    def __init__(
        self, database: Database, writer: Writer, clock: Clock, learning: Learning, runner: Runner
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._learning = learning
        self._runner = runner

    async def run(self) -> None:
        """Look until cancelled; a failed training is tried the next night."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.round()
            except Exception:
                log.exception("learning failed")

    async def round(self) -> Refit | None:
        """Train if it was asked for; what came of it, None when it was not."""
        if not self._learning.wanted.is_set():
            return None
        self._learning.wanted.clear()
        refit, model, upto = await asyncio.to_thread(self._refit_model)
        now = self._clock.now()
        switched = await asyncio.wrap_future(
            self._writer.submit(lambda db: self._learning.switch(db, refit, model, upto, now))
        )
        await self._tell(refit, switched, now)
        return refit

    def _refit_model(self) -> tuple[Refit, Model, int]:
        with self._database.read() as db:
            return self._learning.refit(db)

    async def _tell(self, refit: Refit, switched: bool, now: datetime) -> None:
        judged = refit.judgement
        told = {
            "lessons": refit.lessons,
            "right": judged.candidate,
            "checked": judged.checked,
            "before": judged.current,
        }
        key = "learn.office_switched" if switched else "learn.office_worse"

        def job(_tick: Tick) -> Sequence[Say]:
            return [Say(ToDuty(), key, told)]

        await self._runner.tick(f"learned:{refit.version}:{now:%Y-%m-%d}", job, now)
