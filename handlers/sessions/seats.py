"""Finds whose seat it is at a session, and what its firm has on the agenda."""

from bot.actions.sessions.views import department_name
from bot.core.messages import Refused
from bot.core.people import Role
from bot.core.sessions.agenda import Outcome
from bot.core.sessions.session import Coming, Seat, Session, Way
from handlers.dispatch.turn import Turn
from storage.people import people
from storage.sessions import agenda, sessions


def find_own_seat(turn: Turn) -> tuple[Session, Seat] | None:
    """Where this person, their firm or their department is expected: tonight, else at one of the
    sessions to come."""
    held = sessions.find_current_session(turn.db)
    for session in ([held] if held else []) + sessions.to_come(turn.db):
        seat = find_seat(turn, session)
        if seat is not None and seat.coming is not Coming.AWAY:
            return session, seat
    return None


def find_seat(turn: Turn, session: Session) -> Seat | None:
    """The seat of this person, their firm or their department at a session, or None."""
    person = turn.person
    if person is None:
        return None
    if person.role is Role.LEADER:
        seats = sessions.seats_of(turn.db, session.id)
        found = next((seat for seat in seats if seat.person_id == person.id and _own(seat)), None)
    elif person.role is Role.CONTACT:
        found = sessions.seat_of(turn.db, session.id, enterprise_id=person.enterprise_id or 0)
    else:
        found = sessions.seat_of(turn.db, session.id, department_id=person.department_id or 0)
    return found


def _own(seat: Seat) -> bool:
    """A leader's, who sits for no firm and no department."""
    return seat.enterprise_id is None and seat.department_id is None


def build_new_seat(turn: Turn, session: Session) -> Seat:
    """The seat of somebody who comes without having been expected. Raises Refused."""
    person = turn.person
    leads = person is not None and person.role is Role.LEADER
    if person is None or not (leads or person.enterprise_id or person.department_id):
        raise Refused("session.unbound", phone=turn.park.phone)
    way = Way.SIGNED if person.role is Role.CONTACT else Way.ASKED
    return Seat(0, session.id, way, Coming.COMING, person.enterprise_id, person.department_id)


def find_seat_name(turn: Turn, seat: Seat) -> str | None:
    """The firm, the department, or the leader whose seat it is."""
    firm = people.enterprise(turn.db, seat.enterprise_id)
    if firm is not None:
        return firm.name
    person = people.by_id(turn.db, seat.person_id)
    return department_name(turn, seat.department_id) or (person.name if person else None)


def list_own_issues(turn: Turn, session: Session, firm: int) -> list[int]:
    """The firm's issues that are on the session's agenda, or wait there."""
    return [
        issue
        for item in agenda.of_session(turn.db, session.id)
        if item.firms == (firm,) and item.outcome is not Outcome.GONE
        for issue in item.issues
    ]
