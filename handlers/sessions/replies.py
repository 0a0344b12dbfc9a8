"""Answers to an invitation in people's own words: 好，我们去2个人; 来不了，让小李去; 几点？"""

from bot.actions.issues.classify import classify_text
from bot.actions.sessions.views import session_facts, session_options
from bot.core.messages import Option, Say, ToDuty
from bot.core.people import Role
from bot.core.sessions.replies import Attendance, ReplyKind, names_stand_in, read_attendance
from bot.core.sessions.session import Coming, Seat, Session, Way
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import attendance
from handlers.sessions.seats import find_own_seat, find_seat_name
from storage.delivery import cards, pending, threads
from storage.delivery.pending import Menu

_SEATED = frozenset({Role.CONTACT, Role.DEPARTMENT, Role.TASK_FORCE})
_ASKING = frozenset({"attend", "stay_away"})
_SETTLING = frozenset({ReplyKind.COMES, ReplyKind.AWAY, ReplyKind.DEPUTY})


def answer_invitation(turn: Turn) -> Reply | None:
    """The answer to words that say whether somebody comes, or ask about it; None for all others:
    whoever was not asked has no seat, and in an urgent matter nobody speaks of a session."""
    if turn.person is None or turn.role not in _SEATED or turn.quoted_id is not None:
        return None
    read = read_attendance(turn.text)
    found = find_own_seat(turn) if read else None
    if read is None or found is None or classify_text(turn, turn.text).urgent:
        return None
    session, seat = found
    if not _was_asked(turn, seat, read):
        return None
    if read.answer in _SETTLING:
        _close_question(turn)
    return _answer(turn, session, seat, read)


def _close_question(turn: Turn) -> None:
    """What was answered in words waits for no digit any more."""
    left = [menu for menu in pending.list_menus(turn.thread) if not _asks_to_come(menu)]
    earlier = pending.store_menus(left[1:])
    newest = left[0].to_json() if left else None
    threads.change(turn.db, turn.thread.id, menu=newest, menu_before=earlier)


def _asks_to_come(menu: Menu) -> bool:
    return any(choice.action.verb in _ASKING for choice in menu.choices.values())


def _was_asked(turn: Turn, seat: Seat, read: Attendance) -> bool:
    """Whoever has a seat may give it back at any time, and who is of the staff may ask. All else
    answers a question: while it is open, and, where the words could be about anything (几点？),
    while nothing came after it."""
    if read.answer is ReplyKind.AWAY or (
        read.answer is ReplyKind.ASKS and turn.role is not Role.CONTACT
    ):
        return True
    topics = [question for question in turn.questions if question.action.verb == "sign_up"]
    menus = [menu for menu in pending.list_menus(turn.thread) if menu.until >= turn.now]
    asked = any(map(_asks_to_come, menus)) or any(question.until >= turn.now for question in topics)
    if read.answer is ReplyKind.COMES and seat.way is Way.MATTER:
        return seat.coming is Coming.INVITED
    if read.answer is ReplyKind.DEPUTY:
        comes = seat.coming is Coming.COMING and names_stand_in(turn.text)
        return asked or comes or seat.coming is Coming.INVITED
    return asked and cards.find_last_issue(turn.db, turn.thread.id) is None


def _answer(turn: Turn, session: Session, seat: Seat, read: Attendance) -> Reply:
    number, firm = session.number, turn.role is Role.CONTACT
    if read.answer in (ReplyKind.AWAY, ReplyKind.DEPUTY):
        gone = Command("stay_away", words=read.rest, target_id=number, chosen=True)
        return attendance.stay_away(turn, gone)
    if read.answer is ReplyKind.COMES and (seat.coming is Coming.INVITED or read.rest):
        return _come(turn, session, seat, read)
    key = "session.details" if read.answer is ReplyKind.ASKS else "session.come_or_not"
    open_ = seat.coming is Coming.INVITED
    verbs = ("sign_up" if firm else "attend", "stay_away") if open_ else ("stay_away",)
    options: tuple[Option, ...] = session_options(turn, session, *verbs)
    return Reply((turn.me(key, session_facts(turn, session), options),))


def _come(turn: Turn, session: Session, seat: Seat, read: Attendance) -> Reply:
    """How many come is for the duty desk to know; what they come for is another matter."""
    verb = "sign_up" if turn.role is Role.CONTACT else "attend"
    yes = Command(verb, target_id=session.number, chosen=True)
    reply = attendance.sign_up(turn, yes) if verb == "sign_up" else attendance.attend(turn, yes)
    if not read.rest:
        return reply
    name = find_seat_name(turn, seat)
    told = {**session_facts(turn, session), "name": name, "text": read.rest}
    return Reply((*reply.says, Say(ToDuty(), "session.coming_notice", told)), reply.issue_id)
