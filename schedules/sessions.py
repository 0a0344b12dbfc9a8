"""What the clock says of sessions: the series, Friday's proposal, Monday's agenda, reminders."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.actions.sessions import agenda, series
from bot.actions.sessions.agenda_card import build_whole
from bot.actions.sessions.agenda_news import tell_changes, update_agenda
from bot.actions.sessions.date_news import bind_to_date
from bot.actions.sessions.views import (
    attendance,
    of_enterprise,
    of_person,
    session_facts,
    session_options,
    sheet,
)
from bot.core.messages import Action, Line, Option, Say, ToDuty, ToPerson, ToThread
from bot.core.people import Role
from bot.core.sessions.agenda import Item, on_agenda
from bot.core.sessions.proposal import is_proposed, is_urgent, look_until
from bot.core.sessions.session import EVENING, TO_COME, Coming, Seat, Session, Stage, Way
from schedules.tick import Tick
from storage.delivery import outbox, threads
from storage.people import people
from storage.sessions import sessions


def plan_series(tick: Tick) -> Sequence[Say]:
    """Every morning: the next session is there; one on a holiday is asked about until answered;
    what is held tomorrow and no proposal reaches any more is proposed now."""
    series.plan_next_session(tick)
    planned = sessions.to_come(tick.db)
    waiting = [session for session in planned if session.proposed_at is not None]
    rules, hours = tick.park.sessions, tick.park.hours
    urgent = [session for session in planned if is_urgent(session, tick.now, rules, hours)]
    return [
        *(_holiday(tick, session) for session in waiting),
        *(_proposal(tick, session) for session in urgent),
    ]


def propose(tick: Tick) -> Sequence[Say]:
    """Friday 15:00: the office sees, once for each session, what is going to come up, and why."""
    series.plan_next_session(tick)
    until = look_until(tick.due, tick.park.sessions, tick.park.hours)
    return [
        _proposal(tick, session)
        for session in sessions.to_come(tick.db)
        if tick.now < session.starts_at < until
        and session.published_at is None
        and not is_proposed(session)
    ]


def publish(tick: Tick) -> Sequence[Say]:
    """10:00 on the session's own day: to the group, to those who come, to the departments that are
    asked, to the leaders; each what they may see."""
    today = tick.park.local(tick.due).date()
    says: list[Say] = []
    for found in sessions.to_come(tick.db):
        session = sessions.get(tick.db, found.id)
        due = session.stage in TO_COME and tick.park.local(session.starts_at).date() == today
        if due and session.published_at is None and session.proposed_at is None:
            says += _publication(tick, session)
    return says


def sweep_sessions(tick: Tick) -> Sequence[Say]:
    """Two hours before: who comes is reminded; the morning after: what nobody closed is asked."""
    says: list[Say] = []
    for session in sessions.due(tick.db, tick.now):
        if session.stage not in TO_COME or session.starts_at <= tick.now:
            says += _ask_outcome(tick, session)
        else:
            says += _reminder(tick, session)
    return says


def _holiday(tick: Tick, session: Session) -> Say:
    assert session.proposed_at is not None
    proposed = tick.park.local(session.proposed_at)
    agreed = Option(
        "options.session_move",
        Action(
            "move_session",
            target_id=session.number,
            words=f"{proposed:%Y-%m-%d %H:%M}",
            number=str(session.number),
        ),
        {"at": session.proposed_at},
    )
    others = session_options(tick, session, "cancel_session", "as_usual")
    told = {**session_facts(tick, session), "proposed": session.proposed_at}
    return Say(ToDuty(), "session.holiday", told, (agreed, *others))


def _proposal(tick: Tick, session: Session) -> Say:
    items = agenda.compose_agenda(tick, session)
    sessions.change(tick.db, session.id, agenda_at=tick.now)
    sessions.record(tick.db, session.id, "propose", tick.origin)
    return Say(ToDuty(), "agenda.proposal", build_whole(tick, session, items))


def _publication(tick: Tick, session: Session) -> list[Say]:
    items = agenda.compose_agenda(tick, session)
    stage = replace(
        session,
        stage=Stage.PUBLISHED,
        published_at=tick.now,
        agenda_at=session.agenda_at or tick.now,
    )
    sessions.save(tick.db, stage)
    sessions.record(tick.db, session.id, "publish", tick.origin)
    says = _to_group(tick, stage, items) + _to_firms(tick, stage, items)
    says = bind_to_date(stage, [*says, *_to_departments(tick, stage, items)])
    says += tell_changes(tick, stage, items)
    lines = sheet(tick, stage, items)
    prepared = {**session_facts(tick, stage), "lines": lines, "more": None}
    # A leader with nothing to prepare is not disturbed.
    leaders = people.of_role(tick.db, Role.LEADER) if lines else []
    sheets = (Say(ToPerson(leader.id), "agenda.sheet", prepared) for leader in leaders)
    says += bind_to_date(stage, sheets)
    return [*says, Say(ToDuty(), "agenda.published", build_whole(tick, stage, items))]


def _to_group(tick: Tick, session: Session, items: Sequence[Item]) -> list[Say]:
    """The group is many firms: when, where, the theme and how many matters, nobody's own."""
    group = tick.park.sessions.group
    if group is None:
        return []
    thread = threads.open_thread(tick.db, group, None)
    firms = {firm for item in on_agenda(items) for firm in item.firms}
    told = {**session_facts(tick, session), "count": len(on_agenda(items)), "firms": len(firms)}
    return [Say(ToThread(thread.id), "agenda.group", told)]


def _to_firms(tick: Tick, session: Session, items: Sequence[Item]) -> list[Say]:
    says = []
    for seat in _seats(tick, session):
        if seat.enterprise_id is None or seat.coming is Coming.WAITING:
            continue
        lines = of_enterprise(items, session, seat.enterprise_id) or (Line("agenda.nothing"),)
        rest = len(on_agenda(items)) - len(lines)
        told = {
            **session_facts(tick, session),
            "lines": lines,
            "rest": Line("agenda.rest", {"rest": rest}) if rest > 0 else None,
        }
        threads_of = threads.of_enterprise(tick.db, seat.enterprise_id)
        says += [Say(ToThread(thread.id), "agenda.mine", told) for thread in threads_of]
    return says


def _to_departments(tick: Tick, session: Session, items: Sequence[Item]) -> list[Say]:
    """Each department that answers for an item is asked once and says 1 or 2."""
    says = []
    asked = {item.department_id for item in on_agenda(items) if item.department_id is not None}
    for department in sorted(asked):
        person = next(iter(people.of_department(tick.db, department)), None)
        if person is None:
            continue
        known = sessions.seat_of(tick.db, session.id, department_id=department)
        if known is None:
            seat = Seat(0, session.id, Way.ASKED, Coming.INVITED, None, department, person.id)
            sessions.add_seat(tick.db, seat)
        told = {**session_facts(tick, session), "lines": of_person(tick, items, session, person)}
        options = session_options(tick, session, "attend", "stay_away")
        says.append(Say(ToPerson(person.id), "agenda.department", told, options))
    return says


def _reminder(tick: Tick, session: Session) -> list[Say]:
    ask_later = session.starts_at + EVENING
    sessions.change(tick.db, session.id, next_due_at=ask_later, reminded_at=tick.now)
    sessions.record(tick.db, session.id, "remind", tick.origin)
    if session.proposed_at is not None:
        return []
    card = session_facts(tick, session)
    options = session_options(tick, session, "here", "stay_away")
    reminders = [
        Say(to, "session.reminder", card, options)
        for seat in _seats(tick, session)
        if seat.coming is Coming.COMING and seat.way is not Way.WRITTEN
        for to in _to(tick, seat)
        if not _out_of_reach(tick, to)
    ]
    news = update_agenda(tick, session)
    return [*news, *bind_to_date(session, reminders), *_ask_again(tick, session)]


def _out_of_reach(tick: Tick, to: ToThread | ToPerson) -> bool:
    """The agenda of this morning still waits for them, and the office was told to ring them up."""
    return isinstance(to, ToThread) and outbox.is_held(tick.db, to.id, "agenda.mine")


def _ask_again(tick: Tick, session: Session) -> list[Say]:
    """Who has not said whether they come is asked once more, and the office may ring them."""
    silent = [
        candidate
        for candidate in _seats(tick, session)
        # Who was asked this morning because of its matter need not be asked twice.
        if candidate.coming is Coming.INVITED and candidate.way is not Way.MATTER
    ]
    if not silent:
        return []
    card = session_facts(tick, session)
    says = []
    for seat in silent:
        verb = "attend" if seat.department_id else "sign_up"
        options = session_options(tick, session, verb, "stay_away")
        asked = (Say(to, "session.still_asked", card, options) for to in _to(tick, seat))
        says += bind_to_date(session, asked)
    told = {**card, "seats": attendance(tick, silent)}
    return [*says, Say(ToDuty(), "session.silent", told)]


def _ask_outcome(tick: Tick, session: Session) -> list[Say]:
    """Its time has gone by and nobody opened it, or nobody closed it: the office says what became
    of it, every day."""
    if session.stage not in TO_COME and session.stage is not Stage.HELD:
        sessions.change(tick.db, session.id, next_due_at=None)
        return []
    sessions.change(tick.db, session.id, next_due_at=tick.now + timedelta(days=1))
    card = session_facts(tick, session)
    if session.stage is Stage.HELD:
        options = session_options(tick, session, "close_session")
        return [Say(ToDuty(), "session.unclosed", card, options)]
    options = session_options(tick, session, "cancel_session", "open_session")
    return [Say(ToDuty(), "session.forgotten", card, options)]


def _seats(tick: Tick, session: Session) -> list[Seat]:
    found = sessions.seats_of(tick.db, session.id)
    return [seat for seat in found if seat.coming is not Coming.AWAY or seat.way is Way.WRITTEN]


def _to(tick: Tick, seat: Seat) -> list[ToThread | ToPerson]:
    if seat.thread_id is not None:
        return [ToThread(seat.thread_id)]
    if seat.person_id is not None:
        return [ToPerson(seat.person_id)]
    if seat.enterprise_id is not None:
        found = threads.of_enterprise(tick.db, seat.enterprise_id)
        return [ToThread(thread.id) for thread in found]
    return []
