"""Who is there: everybody for themselves, the office for a firm or for all that said they come."""

from dataclasses import replace

from bot.actions.sessions.views import session_facts
from bot.core.messages import Action, Line, Option, Refused
from bot.core.people import Role
from bot.core.sessions.session import Coming, Seat, Session, Way
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions.attendance import keep_seat
from handlers.sessions.lookup import note, the_firm, tonight
from handlers.sessions.seats import build_new_seat, find_seat, find_seat_name
from storage.sessions import sessions

ALL, EACH, NOBODY = "all", "each", "nobody"
"""What an action of the end says of the firms that were expected: all came, …"""
SHOWN = 8


def here(turn: Turn, command: Command) -> Reply:
    """`签到`; the office says it for a firm: `签到 恒宇`."""
    session = tonight(turn)
    if turn.role in (Role.OFFICE, Role.LEADER) and command.words:
        firm, _ = the_firm(turn, command)
        seat = sessions.seat_of(turn.db, session.id, enterprise_id=firm.id)
        seat = seat or Seat(0, session.id, Way.NAMED, Coming.COMING, firm.id)
    elif turn.role is Role.OFFICE:
        raise Refused("session.here_how", word=turn.texts.command("here"))
    else:
        found = find_seat(turn, session) or build_new_seat(turn, session)
        seat = replace(found, person_id=turn.person_id, thread_id=turn.thread.id)
    kept = _mark_present(turn, session, seat)
    count = sum(bool(seat.present_at) for seat in sessions.seats_of(turn.db, session.id))
    card = {**session_facts(turn, session), "name": find_seat_name(turn, kept), "count": count}
    options = _list_options(turn, session) if command.act == EACH else []
    return Reply((turn.me("session.here", card, options),))


def settle_attendance(turn: Turn, command: Command, session: Session) -> Reply | None:
    """A question where firms were expected and none has signed in: the clerk may only have
    forgotten. None where there is nothing to ask any more."""
    expected = _list_expected(turn, session)
    present = any(
        seat.present_at and seat.enterprise_id for seat in sessions.seats_of(turn.db, session.id)
    )
    if present or not expected or command.act == NOBODY:
        return None
    if command.act == ALL:
        for seat in expected:
            _mark_present(turn, session, seat)
        return None
    if command.act == EACH:
        told: dict[str, object] = {"number": session.number}
        return Reply((turn.me("minutes.sign_each", told, _list_options(turn, session)),))
    options = [
        Option(f"options.attendance_{act}", _end(command, session, act))
        for act in (ALL, EACH, NOBODY)
    ]
    names = tuple(_format_name(turn, seat) for seat in expected)
    return Reply(
        (turn.me("minutes.no_attendance", {"number": session.number, "names": names}, options),)
    )


def _end(command: Command, session: Session, act: str = "") -> Action:
    number = str(session.number)
    return Action(command.verb, target_id=session.number, act=act, number=number)


def _list_expected(turn: Turn, session: Session) -> list[Seat]:
    """The firms that said they come and have not signed in."""
    return [
        seat
        for seat in sessions.seats_of(turn.db, session.id)
        if seat.enterprise_id and seat.coming is Coming.COMING and seat.way is not Way.WRITTEN
        if seat.present_at is None
    ]


def _list_options(turn: Turn, session: Session) -> list[Option]:
    """A line for each that has not signed in, and the end of the session."""
    options = [
        Option("options.sign_in", Action("here", words=name, act=EACH), {"name": name})
        for seat in _list_expected(turn, session)[:SHOWN]
        if (name := find_seat_name(turn, seat))
    ]
    end = _end(Command("close_session"), session)
    return [*options, Option("options.session_close_session", end)]


def _format_name(turn: Turn, seat: Seat) -> Line:
    return Line("options.named", {"name": find_seat_name(turn, seat)})


def _mark_present(turn: Turn, session: Session, seat: Seat) -> Seat:
    kept = keep_seat(turn, replace(seat, coming=Coming.COMING, present_at=turn.now))
    note(turn, session, "here", text=find_seat_name(turn, kept) or "")
    return kept
