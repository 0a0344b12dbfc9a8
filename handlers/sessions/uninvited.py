"""A department that was not asked to a session says who comes, or that nobody does."""

from datetime import timedelta

from bot.actions.sessions import series
from bot.actions.sessions.views import department_name, session_facts
from bot.core.issues.issue import build_action
from bot.core.messages import Action, Line, Option, Say, ToDuty
from bot.core.people import Role
from bot.core.sessions.replies import ReplyKind, read_attendance
from bot.core.sessions.session import Session
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import current_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import attendance
from handlers.sessions.lookup import is_past
from handlers.sessions.seats import find_own_seat
from storage.delivery import cards
from storage.people import people
from storage.sessions import sessions

NEAR = timedelta(days=7)
"""How long before a session words of coming are taken to be about it."""
_DEPARTMENTS = frozenset({Role.DEPARTMENT, Role.TASK_FORCE})
_SAYS = frozenset({ReplyKind.AWAY, ReplyKind.DEPUTY})


def stay_away(turn: Turn, command: Command) -> Reply:
    """`来不了 出差，让小王去`: of a department without a seat the duty desk hears it too."""
    session = _find_near(turn) if _is_uninvited(turn) else None
    if session is None or command.serial not in (None, session.number):
        return attendance.stay_away(turn, command)
    return _tell_duty(turn, session, command.words or turn.text)


def answer_uninvited(turn: Turn) -> Reply | None:
    """The same in free words; after an issue's card they may be about that: asked by digits. None
    for all other words."""
    read = read_attendance(turn.text) if turn.role in _DEPARTMENTS else None
    if read is None or not _is_uninvited(turn):
        return None
    session = _find_near(turn)
    if read.answer is ReplyKind.ASKS and session is not None:
        return Reply((turn.me("session.details", session_facts(turn, session)),))
    if read.answer not in _SAYS:
        return None
    if session is None:
        return Reply((turn.me("session.none_near", {"word": turn.texts.command("pass_on")}),))
    return _tell_duty(turn, session, turn.text) if _is_free(turn) else _ask(turn, session)


def _is_uninvited(turn: Turn) -> bool:
    """Whether somebody of a department has no seat, not even one that was given up."""
    if turn.role not in _DEPARTMENTS or turn.person is None:
        return False
    session = _find_near(turn)
    department = turn.person.department_id or 0
    seat = sessions.seat_of(turn.db, session.id, department_id=department) if session else None
    return seat is None and find_own_seat(turn) is None


def _find_near(turn: Turn) -> Session | None:
    """The session that is held, else the next within NEAR."""
    series.plan_next_session(turn)
    held = sessions.find_current_session(turn.db)
    ahead = (
        session
        for session in sessions.to_come(turn.db)
        if not is_past(turn, session) and session.starts_at - turn.now <= NEAR
    )
    return held or next(ahead, None)


def _is_free(turn: Turn) -> bool:
    """Whether no issue was put before them since a session was last spoken of, or they name it."""
    named = any(word in turn.text for word in turn.texts.list_words("reading.session"))
    return named or cards.find_last_issue(turn.db, turn.thread.id) is None


def _tell_duty(turn: Turn, session: Session, words: str) -> Reply:
    person = turn.person
    department = department_name(turn, person.department_id if person else None)
    name = person.name if person else None
    told = {**session_facts(turn, session), "name": department or name, "by": name, "text": words}
    notice = Say(ToDuty(), "session.uninvited_notice", told)
    return Reply((turn.me("session.uninvited", told), notice))


def _ask(turn: Turn, session: Session) -> Reply:
    words, issue = turn.text, current_issue(turn)
    number = str(session.number)
    options = [
        Option(
            "options.about_session",
            Action("stay_away", None, session.number, words, number=number),
            {"number": session.number},
        )
    ]
    if issue is not None:
        firm = people.enterprise(turn.db, issue.enterprise_id)
        told = {
            "number": issue.number,
            "title": issue.title,
            "enterprise": firm.name if firm else Line("others.enterprises"),
        }
        for verb, label in (("answer", "options.send_to"), ("note", "options.only_note")):
            options.append(Option(label, build_action(verb, issue, words), told))
    return Reply((turn.me("session.about_what", {"text": words}, options),))
