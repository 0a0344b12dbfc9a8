"""Lets the clock speak: APScheduler wakes, the database decides what is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import takewhile

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock
from bot.core.days.crontab import walk_due_times
from bot.core.messages import Say, ToDuty
from bot.runtime.runner import Runner
from schedules import SWEEPS, Entry

HEARTBEAT = timedelta(seconds=30)
KEEPS_FAILING = 2
"""Looks in a row at which an entry failed, before anybody is told: a database may be busy once."""
log = structlog.get_logger()


class Timekeeper:
    """Hands every due time of the timetable to the runner, once, whatever woke it.

    Start-up, each cron time and a heartbeat make the same call: catching up after downtime or after
    a jump of the clock is no special case.
    """

    def __init__(
        self, runner: Runner, clock: Clock, zone: tzinfo, timetable: Sequence[Entry]
    ) -> None:
        self._runner = runner
        self._clock = clock
        self._zone = zone
        self._timetable = timetable
        self._scheduler = AsyncIOScheduler(
            timezone=zone, job_defaults={"coalesce": True, "misfire_grace_time": 60}
        )
        self._done: set[str] = set()
        self._times: dict[str, _Times] = {}
        self._failures: Mapping[str, int] = {}
        self.looked_at: datetime | None = None

    def list_failing(self) -> list[str]:
        """The entries that have something due and cannot do it, look after look."""
        return sorted(name for name, times in self._failures.items() if times >= KEEPS_FAILING)

    async def start(self) -> None:
        """Catch up, then keep time."""
        for entry in self._timetable:
            trigger = _CrontabTrigger(entry.cron, self._zone)
            self._scheduler.add_job(self.look, trigger, id=entry.id)
        beat = IntervalTrigger(seconds=int(HEARTBEAT.total_seconds()), timezone=self._zone)
        self._scheduler.add_job(self.look, beat, id="heartbeat")
        self._scheduler.start()
        await self.look()

    def stop(self) -> None:
        """Keep time no longer."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def look(self) -> None:
        """Do whatever is due and not done."""
        now = self._clock.now()
        due = {
            f"tick:{entry.id}:{at:%Y-%m-%dT%H:%M%z}": (entry, at)
            for entry in self._timetable
            for at in self._find_times(entry, now).due(entry, now)
        }
        # What this process knows to be done need not be asked of the database again.
        self._done &= due.keys()
        failed: dict[str, datetime] = {}
        for key, (entry, at) in due.items():
            if key in self._done:
                continue
            if await self._run_tick(key, entry, at):
                self._done.add(key)
            else:
                failed[entry.id] = at
        self._failures = {name: self._failures.get(name, 0) + 1 for name in failed}
        for name in self.list_failing():
            await self._report_failure(name, failed[name], now)
        self.looked_at = now

    def next_due(self, now: datetime) -> datetime:
        """The next time of any entry but the sweeps, whose work is known by the issues themselves;
        at the latest a day from now."""
        entries = (entry for entry in self._timetable if entry.id not in SWEEPS)
        moments = (self._find_times(entry, now).following for entry in entries)
        return min((moment for moment in moments if moment), default=now + timedelta(days=1))

    def _find_times(self, entry: Entry, now: datetime) -> "_Times":
        """When an entry is due. What was found before holds until the next due time has come, or
        until the clock was set back."""
        known = self._times.get(entry.id)
        if known is None or not known.hold(now):
            following = next(walk_due_times(entry.cron, now.astimezone(self._zone)), None)
            known = _Times(now, tuple(due_times(entry, now, self._zone)), following)
            self._times[entry.id] = known
        return known

    async def _run_tick(self, key: str, entry: Entry, due: datetime) -> bool:
        """Whether the tick is done now, by us or by anybody before."""
        try:
            await self._runner.tick(key, entry.job, due)
        except Exception:
            log.exception("tick failed", entry=entry.id, due=due.isoformat())
            return False
        return True

    async def _report_failure(self, name: str, due: datetime, now: datetime) -> None:
        """The duty desk hears of it once a day."""
        says = (Say(ToDuty(), "fault.tick", {"entry": name, "due": due}),)
        key = f"tick-failed:{name}:{now.astimezone(self._zone).date()}"
        try:
            await self._runner.tick(key, lambda _tick: says, due)
        except Exception:
            log.exception("failing tick not told", entry=name)


@dataclass(frozen=True)
class _Times:
    """The due times of an entry as they were found at `since`, and the one after them."""

    since: datetime
    found: tuple[datetime, ...]
    following: datetime | None

    def hold(self, now: datetime) -> bool:
        """Whether they are the same at `now`."""
        return self.since <= now and (self.following is None or now < self.following)

    def due(self, entry: Entry, now: datetime) -> Iterator[datetime]:
        """Those still within the entry's grace."""
        return (at for at in self.found if at > now - entry.grace)


def due_times(entry: Entry, now: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The due times of an entry within its grace before `now`, oldest first. Pure."""
    walk = walk_due_times(entry.cron, (now - entry.grace).astimezone(zone))
    return takewhile(lambda at: at <= now, walk)


class _CrontabTrigger(BaseTrigger):  # type: ignore[misc]
    """Tells the scheduler when a crontab's line is due."""

    def __init__(self, line: str, zone: tzinfo) -> None:
        self._line = line
        self._zone = zone

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The next time after the one before."""
        return next(walk_due_times(self._line, (previous or now).astimezone(self._zone)), None)
