"""What the clock says to the bot: the timetable, one entry for each kind of tick."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.messages import Say
from schedules.sweep import sweep
from schedules.tick import Tick

Job = Callable[[Tick], Sequence[Say]]


@dataclass(frozen=True)
class Entry:
    """One line of the timetable: a crontab in the park's zone, what to do, and for how long after
    its time a missed one is still done."""

    id: str
    cron: str
    job: Job
    grace: timedelta


SWEEP = "sweep"
TIMETABLE: tuple[Entry, ...] = (Entry(SWEEP, "* * * * *", sweep, timedelta(minutes=1)),)
