"""Turns a movable clock forward, stopping wherever something falls due: for the phones page, for
rehearsals and for tests."""

from datetime import datetime, timedelta

from bot.clock import MovableClock
from bot.delivery.postman import Postman
from bot.runtime.releaser import Releaser
from bot.runtime.timekeeper import Timekeeper
from storage import calls
from storage.database import Database
from storage.delivery import held_words, queues
from storage.issues import issues
from storage.sessions import promises, sessions
from storage.talk import matter_questions

MINUTE = timedelta(minutes=1)
"""The finest grain of the timetable: a moment within a minute is kept at the minute's end, but for
held words, which leave at their second."""
_TICK = timedelta(microseconds=1)


class FastForward:
    """Moves time without skipping anything that would have happened on the way."""

    def __init__(
        self,
        clock: MovableClock,
        database: Database,
        timekeeper: Timekeeper,
        releaser: Releaser,
        postman: Postman,
    ) -> None:
        self._clock = clock
        self._database = database
        self._timekeeper = timekeeper
        self._releaser = releaser
        self._postman = postman

    async def to(self, moment: datetime) -> None:
        """Stand at `moment` (aware), with all jobs done and all messages carried until then."""
        while await self.step(moment):
            pass

    async def step(self, limit: datetime) -> bool:
        """Stand where something falls due next, and have it done; False when nothing does until
        `limit`, where the clock stands then."""
        moment = self._next()
        self._clock.set(max(min(moment, limit), self._clock.now()))
        if moment > limit:
            return False
        await self._releaser.look()
        await self._timekeeper.look()
        await self._postman.drain()
        return True

    def _next(self) -> datetime:
        """The minute in which something is due next; of what is late already, the next.

        Two short looks: handing them to another thread would cost more than they do.
        """
        now = self._clock.now()
        with self._database.read() as db:
            leaves = held_words.next_due_at(db)
            found = (
                issues.next_due_at(db),
                queues.next_due(db),
                sessions.next_due_at(db),
                promises.next_due_at(db),
                matter_questions.next_due_at(db),
                calls.next_due_at(db),
            )
        moments = [moment for moment in found if moment is not None] + [
            self._timekeeper.next_due(now)
        ]
        minute = _whole_minute(max(min(moments), now + _TICK))
        return minute if leaves is None else min(minute, max(leaves, now + _TICK))


def _whole_minute(moment: datetime) -> datetime:
    cut = moment.replace(second=0, microsecond=0)
    return cut if cut == moment else cut + MINUTE
