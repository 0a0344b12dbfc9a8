"""`点名 恒宇 说说用电`: the office or a leader asks an enterprise to come; tonight, to speak."""

from dataclasses import replace

from bot.actions.sessions.date_news import bind_to_date
from bot.actions.sessions.views import session_facts, session_options
from bot.core.messages import Line, Option, Refused, Say, ToThread
from bot.core.people import Enterprise
from bot.core.sessions.session import Coming, Seat, Session, Stage, Way
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import hearers
from handlers.sessions.attendance import keep_seat
from handlers.sessions.lookup import find_running_session, note, the_firm, to_come
from handlers.sessions.on_the_spot import add_item
from storage.delivery import threads
from storage.sessions import sessions


def invite(turn: Turn, command: Command) -> Reply:
    """While a session is held it is tonight's, and what is to be spoken of goes on its agenda."""
    firm, topic = the_firm(turn, command)
    if firm.has_left:
        raise Refused("session.names_gone", enterprise=firm.name, residence=firm.residence)
    session = find_running_session(turn) or to_come(turn, Command(command.verb))
    known = sessions.seat_of(turn.db, session.id, enterprise_id=firm.id)
    comes = known is not None and known.coming is Coming.COMING
    held = session.stage is Stage.HELD
    if comes and not (held and topic):
        raise Refused("session.comes_already", enterprise=firm.name)
    hearers.ask_about_firm(turn, command, firm.id, topic)
    seat = known or Seat(0, session.id, Way.NAMED, Coming.INVITED, firm.id)
    if not comes:
        seat = replace(seat, way=Way.NAMED, coming=Coming.INVITED)
    keep_seat(turn, replace(seat, topic=topic or seat.topic))
    note(turn, session, command.verb, text=firm.name)
    place = _put_on_agenda(turn, session, firm, topic) if held and topic else None
    return _announce(turn, session, firm, topic, place, asks=not comes)


def _put_on_agenda(turn: Turn, session: Session, firm: Enterprise, topic: str) -> int:
    """Its place tonight. A topic of the next evening gets there when that agenda is composed."""
    matter = f"topic:{session.number}-firm{firm.id}"
    return add_item(turn, session, matter, topic, (firm.id,)).place


def _announce(
    turn: Turn, session: Session, firm: Enterprise, topic: str, place: int | None, *, asks: bool
) -> Reply:
    card = {
        **session_facts(turn, session),
        "enterprise": firm.name,
        "by": turn.person.name if turn.person else None,
        "topic": Line("session.topic", {"topic": topic}) if topic else None,
        "agenda_place": Line("session.agenda_place", {"place": place}) if place else None,
    }
    options: tuple[Option, ...] = session_options(turn, session, "sign_up", "stay_away")
    found = threads.of_enterprise(turn.db, firm.id)
    asked = [Say(ToThread(thread.id), "session.invitation", card, options) for thread in found]
    asked = bind_to_date(session, asked)
    key = "session.invited" if asked or not asks else "session.no_contact"
    return Reply((turn.me(key, card), *(asked if asks else ())))
