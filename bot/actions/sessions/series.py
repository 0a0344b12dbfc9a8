"""Plans sessions: the weekly series, a holiday's replacement, extra ones; moves and calls off."""

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.actions.context import Context
from bot.core.classifier.router import Verdict
from bot.core.sessions.session import (
    Coming,
    Seat,
    Session,
    Stage,
    Way,
    instead_of,
    next_series_day,
    on,
)
from storage.sessions import sessions

REMIND_BEFORE = timedelta(hours=2)
WEEK = timedelta(weeks=1)


def find_next_session(context: Context) -> Session | None:
    """The next session, planned now where the series has none to come yet; None where a park holds
    none."""
    plan_next_session(context)
    found = sessions.to_come(context.db)
    return found[0] if found else None


def plan_next_session(context: Context) -> Session | None:
    """The series' next session if it was planned just now, else None."""
    rules = context.park.sessions
    if not rules.enabled or _is_planned(context):
        return None
    sessions.hold_plan(context.db)
    if _is_planned(context):
        return None  # by another process, a moment ago
    day = next_series_day(rules, context.park.local(context.now).date())
    while on(day, rules, context.park.hours) <= context.now or sessions.of_series(context.db, day):
        day += WEEK
    free = instead_of(day, context.park.hours.calendar)
    proposed = on(free, rules, context.park.hours) if free else None
    starts_at = on(day, rules, context.park.hours)
    return create(context, starts_at, series_day=day, proposed_at=proposed)


def _is_planned(context: Context) -> bool:
    return any(session.series_day for session in sessions.to_come(context.db))


def create(
    context: Context,
    starts_at: datetime,
    *,
    kind: str = "",
    series_day: date | None = None,
    proposed_at: datetime | None = None,
) -> Session:
    """A new session with the next number, and what the last one left waiting in its seats."""
    rules = context.park.sessions
    sessions.hold_plan(context.db)
    last = sessions.last_number(context.db)
    draft = Session(
        id=0,
        number=rules.first_number if last is None else last + 1,
        starts_at=starts_at,
        stage=Stage.PLANNED,
        place=rules.place,
        theme=rules.theme,
        category=category_of(context, rules.theme),
        kind=kind,
        capacity=rules.capacity,
        uid=secrets.token_hex(12),
        series_day=series_day,
        proposed_at=proposed_at,
        next_due_at=starts_at - REMIND_BEFORE,
    )
    session = sessions.add(context.db, draft)
    sessions.record(context.db, session.id, "plan", context.origin)
    if series_day is not None:
        _bring_waiting(context, session)
    return session


def category_of(context: Context, theme: str) -> str:
    """The category that a theme's words are about, empty where none is sure enough."""
    if not theme:
        return ""
    route = context.router.route(theme, why=False)
    known = route.verdict is not Verdict.NONE
    best = context.learning.taxonomy.by_id(route.best) if known else None
    return best.name if best else ""


def move_session(context: Context, session: Session, starts_at: datetime) -> Session:
    """The same session at another time: number, seats and agenda stay."""
    rescheduled = replace(
        session,
        starts_at=starts_at,
        stage=Stage.MOVED,
        sequence=session.sequence + 1,
        proposed_at=None,
        published_at=None,
        reminded_at=None,
        next_due_at=starts_at - REMIND_BEFORE,
    )
    return sessions.save(context.db, rescheduled)


def cancel_session(context: Context, session: Session) -> tuple[Session, Session | None]:
    """The cancelled session and the next one, to which seats and matters go."""
    gone = replace(
        session,
        stage=Stage.CANCELLED,
        sequence=session.sequence + 1,
        proposed_at=None,
        next_due_at=None,
    )
    sessions.save(context.db, gone)
    following = find_next_session(context)
    if following is not None:
        for seat in sessions.seats_of(context.db, gone.id):
            _carry(context, seat, following)
    return gone, following


def has_room(context: Context, session: Session) -> bool:
    """Whether one more enterprise can come in person."""
    return sessions.count_taken(sessions.seats_of(context.db, session.id)) < session.capacity


def _bring_waiting(context: Context, session: Session) -> None:
    """Who found no seat last time, or whose session never took place, comes first now."""
    before = sessions.last_held(context.db)
    for seat in sessions.seats_of(context.db, before.id) if before else ():
        if seat.coming is Coming.WAITING:
            _carry(context, seat, session)


def _carry(context: Context, seat: Seat, session: Session) -> None:
    """A department is asked anew when the agenda is published; enterprises keep their word."""
    known = sessions.seat_of(context.db, session.id, enterprise_id=seat.enterprise_id)
    if seat.enterprise_id is None or seat.coming is Coming.AWAY or known is not None:
        return
    room = seat.way is Way.WRITTEN or has_room(context, session)
    state = (Coming.COMING if room else Coming.WAITING) if seat.way is not Way.NAMED else None
    fresh = replace(seat, id=0, session_id=session.id, present_at=None)
    sessions.add_seat(context.db, replace(fresh, coming=state or seat.coming))
