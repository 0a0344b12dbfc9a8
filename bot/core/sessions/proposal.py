"""When a session's agenda is proposed to the office: always before the session's own day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.core.days.crontab import walk_due_times
from bot.core.days.working_hours import WorkingHours
from bot.core.sessions.session import Session, SessionRules

AHEAD = timedelta(days=4, hours=12)
"""So far ahead a proposal looks at least: on Friday afternoon until Tuesday night."""
HOLDS = timedelta(days=8)
"""A proposal that was made longer before is of the day that the session was moved from."""
DAY = timedelta(days=1)
WEEKS = 6
"""So many sessions to come are looked at for one that no proposal reaches."""


def look_until(due: datetime, rules: SessionRules, hours: WorkingHours) -> datetime:
    """What begins before this moment is proposed at `due`: whatever has no later run before its own
    day, and all that is within `AHEAD`."""
    following = _find_next_run(due, rules, hours)
    end = _begin_day(hours.local(following).date() + DAY, hours) if following else due
    return max(due + AHEAD, end)


def is_proposed(session: Session) -> bool:
    """Whether the office has seen the agenda of the day on which the session is held now."""
    return session.agenda_at is not None and session.starts_at - session.agenda_at <= HOLDS


def is_urgent(session: Session, now: datetime, rules: SessionRules, hours: WorkingHours) -> bool:
    """Whether an agenda must be proposed today: the session is tomorrow or today, nobody has seen
    its agenda, and no proposal is due before its day. Never where an office has none proposed."""
    if rules.proposal is None or is_proposed(session) or session.published_at is not None:
        return False
    day = hours.local(session.starts_at).date()
    following = _find_next_run(now, rules, hours)
    in_time = following is not None and following < _begin_day(day, hours)
    return now < session.starts_at and day <= hours.local(now).date() + DAY and not in_time


def find_missed_day(
    rules: SessionRules, series: str | None, today: date, hours: WorkingHours
) -> date | None:
    """The first day of the series for which no proposal comes; None where one always does.

    `series` is the crontab's line by which sessions are planned every day, None where it is off.
    """
    first = today + timedelta(days=(rules.weekday - today.weekday()) % 7)
    days = (first + week * timedelta(weeks=1) for week in range(1, WEEKS + 1))
    return next((day for day in days if not _is_reached(day, rules, series, hours)), None)


def _is_reached(day: date, rules: SessionRules, series: str | None, hours: WorkingHours) -> bool:
    """A session is planned once the one before it has begun."""
    if rules.proposal is None:
        return False
    before = datetime.combine(day - timedelta(weeks=1), rules.at, hours.zone)
    begins = _begin_day(day, hours)
    runs = [next(_walk(rules.proposal, before, hours), begins)]
    if series is not None:
        runs.append(next(_walk(series, begins - DAY - timedelta(minutes=1), hours), begins))
    return min(runs) < begins


def _find_next_run(after: datetime, rules: SessionRules, hours: WorkingHours) -> datetime | None:
    return next(_walk(rules.proposal, after, hours), None) if rules.proposal else None


def _walk(line: str, after: datetime, hours: WorkingHours) -> Iterator[datetime]:
    return walk_due_times(line, hours.local(after))


def _begin_day(day: date, hours: WorkingHours) -> datetime:
    return datetime.combine(day, time(), hours.zone)
