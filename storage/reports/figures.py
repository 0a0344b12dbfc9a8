"""Counts a week's figures in the database: a few indexed statements, however many issues there are.

What each number means stands in `bot.core.reports.figures`; this is how it is asked for.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    and_,
    case,
    false,
    func,
    or_,
    select,
)

from bot.core.days.weeks import Week
from bot.core.issues.issue import WORKED_ON, Status
from bot.core.issues.lifecycle import Move
from bot.core.reports.figures import (
    RECURRING_DAYS,
    RECURRING_FIRMS,
    SATISFIED,
    WEEKS,
    WORST,
    Broken,
    CategoryCount,
    Figures,
    InTime,
    Recurring,
    Settled,
    Share,
    WeekPoint,
    most_first,
    most_spread,
)
from bot.core.sessions.promises import Kept
from storage.issues.access import UNSEALED
from storage.reports.open_issues import WITHDRAWN, count_if, count_open, of_firms, overdue
from storage.tables.issues import events, issues
from storage.tables.sessions import promises, sessions

_COUNT = func.count()


def of_week(
    db: Connection,
    week: Week,
    now: datetime,
    zone: tzinfo,
    firms: Collection[int] | None = None,
) -> Figures:
    """The figures of a week, counted at `now` (aware), on the clock of `zone`.

    `firms` are the ids of the enterprises that are meant, None means the whole park, also what
    nobody knows whose it is. Reads only.
    """
    since, until = week.since(zone), week.until(zone)
    at = max(min(until, now), since)
    scope = and_(UNSEALED, of_firms(firms))
    filed, response, filed_by = _count_filed(db, scope, since, until)
    settled, resolved_by = _count_settled(db, scope, since, until)
    open_ones, open_by = count_open(db, scope, at)
    promised, broken = _count_promises(db, firms, since, at)
    return Figures(
        week=week,
        since=since,
        until=until,
        at=at,
        counted_at=now,
        filed=filed,
        withdrawn=_count_withdrawn(db, scope, since, until),
        settled=settled,
        open=open_ones,
        kept=_count_kept(db, scope, since, at),
        response=response,
        line=_line(db, scope, week, zone),
        categories=_categories(filed_by, resolved_by, open_by),
        worst=tuple(overdue(db, at, firms, WORST)),
        recurring=_list_recurring(db, scope, until),
        promises=promised,
        broken=broken,
    )


def _count_filed(
    db: Connection, scope: ColumnElement[bool], since: datetime, until: datetime
) -> tuple[int, Share, dict[str, int]]:
    accepted = issues.c.accepted_at.is_not(None)
    unheard = WITHDRAWN & ~accepted
    rows = (
        select(issues.c.category, _COUNT, count_if(accepted), count_if(unheard))
        .where(issues.c.filed_at >= since, issues.c.filed_at < until, scope)
        .group_by(issues.c.category)
    )
    found = db.execute(rows).all()
    filed, taken, gone = (sum(row[place] for row in found) for place in (1, 2, 3))
    return filed, Share(taken, filed - gone), {row[0]: row[1] for row in found}


def _count_settled(
    db: Connection, scope: ColumnElement[bool], since: datetime, until: datetime
) -> tuple[Settled, dict[str, int]]:
    said = issues.c.confirmed_at.is_not(None)
    content = or_(issues.c.stars.is_(None), issues.c.stars >= SATISFIED)
    parts = (
        _COUNT,
        count_if(and_(said, or_(issues.c.confirmed_at < issues.c.rated_at, content))),
        count_if(~said),
        count_if(issues.c.stars.is_not(None)),
        count_if(issues.c.stars >= SATISFIED),
    )
    rows = (
        select(issues.c.category, *parts)
        .where(issues.c.resolved_at >= since, issues.c.resolved_at < until, scope)
        .group_by(issues.c.category)
    )
    found = db.execute(rows).all()
    whole = Settled(*(sum(row[place] for row in found) for place in range(1, 6)))
    return whole, {row[0]: row[1] for row in found}


def _count_withdrawn(
    db: Connection, scope: ColumnElement[bool], since: datetime, until: datetime
) -> int:
    gone = (WITHDRAWN, issues.c.closed_at >= since, issues.c.closed_at < until)
    return int(db.execute(select(_COUNT).select_from(issues).where(*gone, scope)).scalar_one())


def _count_kept(
    db: Connection, scope: ColumnElement[bool], since: datetime, at: datetime
) -> InTime:
    columns, planned = issues.c, issues.c.status == Status.PLANNED
    return InTime(
        _in_time(db, scope, since, at, columns.accept_due, columns.accepted_at, planned),
        _in_time(db, scope, since, at, columns.answer_due, columns.answered_at, planned),
        _in_time(db, scope, since, at, columns.solve_due, columns.resolved_at, false()),
    )


def _in_time(
    db: Connection,
    scope: ColumnElement[bool],
    since: datetime,
    at: datetime,
    due: Column[Any],
    met: Column[Any],
    replaced: ColumnElement[bool],
) -> Share:
    """Of the deadlines in [since, at) that somebody was held to, those met by their time.
    `replaced` says which issues' deadline an agreed plan has taken the place of."""
    merged, paused = issues.c.merged_into.is_not(None), issues.c.paused_at.is_not(None)
    runs = and_(~paused, ~merged, ~replaced)
    late_before = or_(
        and_(paused, issues.c.paused_at > due),
        and_(merged, _has_moved_after(due, Move.MERGE)),
        and_(replaced, _has_moved_after(due, Move.AGREE)),
    )
    worked_on = or_(*(issues.c.status == status for status in sorted(WORKED_ON)))
    gone_late = and_(WITHDRAWN, issues.c.closed_at > due)
    held_to = or_(met.is_not(None), and_(worked_on, or_(runs, late_before)), gone_late)
    rows = select(count_if(and_(met.is_not(None), met <= due)), count_if(held_to))
    row = db.execute(rows.where(due >= since, due < at, scope)).one()
    return Share(*row)


def _has_moved_after(due: Column[Any], move: Move) -> ColumnElement[bool]:
    """Whether the clock was stopped so only when the deadline had passed already. A move that was
    taken back and done again came the later time."""
    mine = (events.c.issue_id == issues.c.id, events.c.move == move, events.c.at > due)
    return select(events.c.id).where(*mine).exists()


def _line(
    db: Connection, scope: ColumnElement[bool], week: Week, zone: tzinfo
) -> tuple[WeekPoint, ...]:
    weeks = week.line(WEEKS)
    filed = _by_week(db, scope, weeks, zone, issues.c.filed_at)
    resolved = _by_week(db, scope, weeks, zone, issues.c.resolved_at)
    return tuple(
        WeekPoint(past_week, filed.get(place, 0), resolved.get(place, 0))
        for place, past_week in enumerate(weeks)
    )


def _by_week(
    db: Connection,
    scope: ColumnElement[bool],
    weeks: Sequence[Week],
    zone: tzinfo,
    moment: Column[Any],
) -> dict[int, int]:
    place = case(*((moment < week.until(zone), n) for n, week in enumerate(weeks)))
    within = (moment >= weeks[0].since(zone), moment < weeks[-1].until(zone))
    rows = select(place.label("place"), _COUNT).where(*within, scope).group_by("place")
    return {row[0]: row[1] for row in db.execute(rows)}


def _categories(*counted: dict[str, int]) -> tuple[CategoryCount, ...]:
    names = sorted(set().union(*counted))
    return most_first(
        [CategoryCount(name, *(counts.get(name, 0) for counts in counted)) for name in names]
    )


def _list_recurring(
    db: Connection, scope: ColumnElement[bool], until: datetime
) -> tuple[Recurring, ...]:
    since = until - timedelta(days=RECURRING_DAYS)
    firms = func.count(issues.c.enterprise_id.distinct())
    rows = (
        select(issues.c.category, _COUNT, firms)
        .where(issues.c.filed_at >= since, issues.c.filed_at < until, scope)
        .where(issues.c.category != "")
        .group_by(issues.c.category)
        .having(firms >= RECURRING_FIRMS)
    )
    return most_spread([Recurring(*row) for row in db.execute(rows)])


def _count_promises(
    db: Connection, firms: Collection[int] | None, since: datetime, at: datetime
) -> tuple[Share, tuple[Broken, ...]]:
    rows = (
        select(promises, sessions.c.number)
        .join(sessions, sessions.c.id == promises.c.session_id)
        .where(promises.c.due >= since, promises.c.due < at)
        .where(promises.c.kept.in_([Kept.OPEN, Kept.KEPT]))
        .order_by(promises.c.due, promises.c.id)
    )
    due = [row for row in db.execute(rows) if firms is None or set(row.firms) & set(firms)]
    broken = tuple(_list_broken(due))
    return Share(len(due) - len(broken), len(due)), broken


def _list_broken(due: Sequence[Any]) -> Iterator[Broken]:
    for row in due:
        later = row.kept is Kept.KEPT
        if not later or row.settled_at > row.due:
            yield Broken(row.number, row.serial, row.who, row.what, row.due, later)
