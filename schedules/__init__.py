"""What the clock says to the bot: the timetable, one entry for each kind of tick."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.core.messages import Say
from bot.core.sessions.session import PROPOSAL
from schedules.absences import begin_and_end_absences
from schedules.calls import sweep_calls
from schedules.chain import chain_events, publish_root
from schedules.cleanup import forget
from schedules.digest import weekly_digest
from schedules.issues import sweep
from schedules.models import learn
from schedules.morning import tell_morning_list
from schedules.projects import monday_exceptions
from schedules.promises import sweep_promises
from schedules.quiet_end import quiet_end
from schedules.reforms import follow_reforms, propose_reforms
from schedules.sessions import plan_series, propose, publish, sweep_sessions
from schedules.talk import sweep_questions
from schedules.tick import Tick
from schedules.unread import tell_unread

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
SWEEPS = frozenset({SWEEP, "sessions", "promises", "questions", "calls", "chain"})
"""Entries that look every minute whether something is due: what they look at knows when."""

# fmt: off
TIMETABLE: tuple[Entry, ...] = (
    Entry(SWEEP,        "* * * * *",  sweep,            timedelta(minutes=1)),
    Entry("questions",  "* * * * *",  sweep_questions,  timedelta(minutes=1)),
    Entry("calls",      "* * * * *",  sweep_calls,      timedelta(minutes=1)),
    Entry("chain",      "* * * * *",  chain_events,     timedelta(minutes=1)),
    Entry("root",       "50 7 * * mon", publish_root,   timedelta(days=2)),
    Entry("learning",   "30 2 * * *", learn,            timedelta(hours=6)),
    Entry("forgetting", "10 3 * * *", forget,           timedelta(hours=6)),
    Entry("quiet_end",  "0 8 * * *",  quiet_end,        timedelta(minutes=30)),
    Entry("absences",   "30 8 * * *", begin_and_end_absences, timedelta(hours=12)),
    Entry("morning",    "45 8 * * *", tell_morning_list,     timedelta(hours=3)),
    # The leaders' week.
    Entry("digest",     "0 8 * * mon", weekly_digest,   timedelta(days=2)),
    Entry("recurring",  "20 22 * * sun", propose_reforms, timedelta(hours=9)),
    Entry("unread",     "0 9 * * wed-sun", tell_unread, timedelta(hours=9)),
    Entry("reforms",    "30 9 * * *", follow_reforms,   timedelta(hours=12)),
    Entry("projects",   "35 8 * * *", monday_exceptions, timedelta(hours=8)),
    # Monday nights.
    Entry("sessions",   "* * * * *",  sweep_sessions,   timedelta(minutes=1)),
    Entry("promises",   "* * * * *",  sweep_promises,   timedelta(minutes=1)),
    Entry("series",     "0 9 * * *",  plan_series,      timedelta(hours=6)),
    Entry("proposal",   PROPOSAL,     propose,                 timedelta(hours=12)),
    Entry("agenda",     "0 10 * * *", publish,          timedelta(hours=9)),
)
# fmt: on
"""Local time of the park; the jobs themselves know the working calendar."""


def timetable(changes: Mapping[str, Mapping[str, Any]]) -> tuple[Entry, ...]:
    """The timetable with an office's own times: `cron` and `grace_minutes` by entry, `enabled =
    false` leaves one out. Raises ValueError, naming the entry, for one that is not there."""
    known = {entry.id: entry for entry in TIMETABLE}
    for name in changes:
        if name not in known:
            raise ValueError(f"timetable.{name}: no such entry")
    return tuple(
        _change_entry(entry, changes.get(entry.id, {}))
        for entry in TIMETABLE
        if changes.get(entry.id, {}).get("enabled", True)
    )


def _change_entry(entry: Entry, change: Mapping[str, Any]) -> Entry:
    grace = change.get("grace_minutes")
    return replace(
        entry,
        cron=change.get("cron") or entry.cron,
        grace=timedelta(minutes=grace) if grace else entry.grace,
    )
