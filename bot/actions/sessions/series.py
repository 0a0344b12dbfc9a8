"""Plans sessions: the weekly series, a holiday's replacement, extra ones; moves and calls off."""

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.actions.context import Scene
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


def find_next_session(scene: Scene) -> Session | None:
    """The next session, planned now where the series has none to come yet; None where a park holds
    none."""
    plan_next_session(scene)
    found = sessions.to_come(scene.db)
    return found[0] if found else None


def plan_next_session(scene: Scene) -> Session | None:
    """The series' next session if it was planned just now, else None."""
    rules = scene.house.sessions
    if not rules.enabled or _is_planned(scene):
        return None
    sessions.hold_plan(scene.db)
    if _is_planned(scene):
        return None  # by another process, a moment ago
    day = next_series_day(rules, scene.house.local(scene.now).date())
    while on(day, rules, scene.house.hours) <= scene.now or sessions.of_series(scene.db, day):
        day += WEEK
    free = instead_of(day, scene.house.hours.calendar)
    proposed = on(free, rules, scene.house.hours) if free else None
    starts_at = on(day, rules, scene.house.hours)
    return create(scene, starts_at, series_day=day, proposed_at=proposed)


def _is_planned(scene: Scene) -> bool:
    return any(session.series_day for session in sessions.to_come(scene.db))


def create(
    scene: Scene,
    starts_at: datetime,
    *,
    kind: str = "",
    series_day: date | None = None,
    proposed_at: datetime | None = None,
) -> Session:
    """A new session with the next number, and what the last one left waiting in its seats."""
    rules = scene.house.sessions
    sessions.hold_plan(scene.db)
    last = sessions.last_number(scene.db)
    draft = Session(
        id=0,
        number=rules.first_number if last is None else last + 1,
        starts_at=starts_at,
        stage=Stage.PLANNED,
        place=rules.place,
        theme=rules.theme,
        category=category_of(scene, rules.theme),
        kind=kind,
        capacity=rules.capacity,
        uid=secrets.token_hex(12),
        series_day=series_day,
        proposed_at=proposed_at,
        next_due_at=starts_at - REMIND_BEFORE,
    )
    session = sessions.add(scene.db, draft)
    sessions.record(scene.db, session.id, "plan", scene.now, because=scene.because)
    if series_day is not None:
        _bring_waiting(scene, session)
    return session


def category_of(scene: Scene, theme: str) -> str:
    """The category that a theme's words are about, empty where none is sure enough."""
    if not theme:
        return ""
    route = scene.router.route(theme, why=False)
    known = route.verdict is not Verdict.NONE
    best = scene.learning.taxonomy.by_id(route.best) if known else None
    return best.name if best else ""


def move_session(scene: Scene, session: Session, starts_at: datetime) -> Session:
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
    return sessions.save(scene.db, rescheduled)


def cancel_session(scene: Scene, session: Session) -> tuple[Session, Session | None]:
    """The cancelled session and the next one, to which seats and matters go."""
    gone = replace(
        session,
        stage=Stage.CANCELLED,
        sequence=session.sequence + 1,
        proposed_at=None,
        next_due_at=None,
    )
    sessions.save(scene.db, gone)
    following = find_next_session(scene)
    if following is not None:
        for seat in sessions.seats_of(scene.db, gone.id):
            _carry(scene, seat, following)
    return gone, following


def has_room(scene: Scene, session: Session) -> bool:
    """Whether one more enterprise can come in person."""
    return sessions.count_taken(sessions.seats_of(scene.db, session.id)) < session.capacity


def _bring_waiting(scene: Scene, session: Session) -> None:
    """Who found no seat last time, or whose session never took place, comes first now."""
    before = sessions.last_held(scene.db)
    for seat in sessions.seats_of(scene.db, before.id) if before else ():
        if seat.coming is Coming.WAITING:
            _carry(scene, seat, session)


def _carry(scene: Scene, seat: Seat, session: Session) -> None:
    """A department is asked anew when the agenda is published; enterprises keep their word."""
    known = sessions.seat_of(scene.db, session.id, enterprise_id=seat.enterprise_id)
    if seat.enterprise_id is None or seat.coming is Coming.AWAY or known is not None:
        return
    room = seat.way is Way.WRITTEN or has_room(scene, session)
    state = (Coming.COMING if room else Coming.WAITING) if seat.way is not Way.NAMED else None
    fresh = replace(seat, id=0, session_id=session.id, present_at=None)
    sessions.add_seat(scene.db, replace(fresh, coming=state or seat.coming))
