"""Turns a movable clock forward, stopping wherever something falls due: for the phones page, for
rehearsals and for tests."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.clock import MovableClock
from bot.postman import Postman
from bot.timekeeper import Timekeeper
from storage import issues, outbox, promises, sessions
from storage.database import Database

MINUTE = timedelta(minutes=1)
"""The finest grain of the timetable: a moment within a minute is kept at the minute's end."""


class FastForward:
    """Moves time without skipping anything that would have happened on the way."""

    def __init__(
        self, clock: MovableClock, database: Database, timekeeper: Timekeeper, postman: Postman
    ) -> None:
        self._clock = clock
        self._database = database
        self._timekeeper = timekeeper
        self._postman = postman

    async def to(self, moment: datetime) -> None:
        """Stand at `moment` (aware), with all jobs done and all messages carried until then."""
        while True:
            step = min(await asyncio.to_thread(self._next), moment)
            self._clock.set(max(step, self._clock.now()))
            await self._timekeeper.look()
            await self._postman.drain()
            if step >= moment:
                return

    def _next(self) -> datetime:
        now = self._clock.now()
        with self._database.read() as db:
            moments = [*self._waiting(db, now), self._timekeeper.next_due(now)]
        return min(max(_whole_minute(one), _whole_minute(now + MINUTE / 60)) for one in moments)

    def _waiting(self, db: Connection, now: datetime) -> list[datetime]:
        found = (
            issues.next_due_at(db),
            outbox.next_due(db, now),
            sessions.next_due_at(db),
            promises.next_due_at(db),
        )
        return [one for one in found if one is not None]


def _whole_minute(moment: datetime) -> datetime:
    cut = moment.replace(second=0, microsecond=0)
    return cut if cut == moment else cut + MINUTE
