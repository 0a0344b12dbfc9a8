"""Who comes to a session: signing up, being asked, writing instead, staying away, being there."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.sessions import series
from bot.actions.sessions.agenda_news import update_agenda
from bot.actions.sessions.views import session_facts
from bot.core.issues.issue import WORKED_ON, Issue, build_action
from bot.core.messages import Action, Line, Option, Refused, Say, ToDuty, ToThread
from bot.core.people import Enterprise
from bot.core.reading import fold
from bot.core.sessions.replies import ReplyKind, read_attendance, read_excuse
from bot.core.sessions.session import Coming, Seat, Session, Stage, Way
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import file
from handlers.sessions.lookup import (
    find_session_to_join,
    is_past,
    note,
    to_come,
)
from handlers.sessions.on_the_spot import put_on_agenda
from handlers.sessions.seats import find_seat, find_seat_name, list_own_issues
from storage.issues import issues as issues_of
from storage.people import people
from storage.sessions import sessions

OFFERED = 3


def sign_up(turn: Turn, command: Command) -> Reply:
    """`报名`, `报名 003`, `报名 班车不够`: a seat at the next session, and what it is about."""
    return _take_seat(turn, command, Way.SIGNED)


def in_writing(turn: Turn, command: Command) -> Reply:
    """`书面 班车不够`: the matter comes up, nobody attends."""
    if not (command.words or command.names_thing):
        return Reply((turn.me("session.written_how", expect=Action("in_writing")),))
    return _take_seat(turn, command, Way.WRITTEN)


def stay_away(turn: Turn, command: Command) -> Reply:
    """`请假`, `来不了 出差`: the seat goes to whoever waits longest, but not where somebody comes
    instead (`来不了 出差，让小王去`). The duty desk reads the reason."""
    session = _mine(turn, command)
    seat = find_seat(turn, session)
    if seat is None or seat.coming is Coming.AWAY:
        raise Refused("session.no_seat", number=session.number)
    if seat.present_at is not None:
        raise Refused("session.here_already", number=session.number)
    excuse = command.words
    deputy = read_excuse(excuse).answer is ReplyKind.DEPUTY
    # What a department says stands with its seat; a firm's topic is a matter of the evening.
    topic = excuse or seat.topic if seat.enterprise_id is None else seat.topic
    coming = Coming.COMING if deputy else Coming.AWAY
    keep_seat(turn, replace(seat, coming=coming, topic=topic))
    note(turn, session, command.verb, text=excuse)
    said = Line("session.topic", {"topic": excuse}) if excuse else None
    card = {**session_facts(turn, session), "name": find_seat_name(turn, seat), "said": said}
    told = Say(ToDuty(), "session.deputy_notice" if deputy else "session.away_notice", card)
    if deputy:
        return Reply((turn.me("session.deputy", card), told))
    says = [*_promote_waiting(turn, session), *update_agenda(turn, session)]
    return Reply((turn.me("session.away", card), told, *says))


def attend(turn: Turn, command: Command) -> Reply:
    """`到会`: a department's answer to being asked."""
    session = _mine(turn, command)
    seat = find_seat(turn, session)
    if seat is None:
        raise Refused("session.no_seat", number=session.number)
    keep_seat(turn, replace(seat, coming=Coming.COMING, person_id=turn.person_id))
    note(turn, session, command.verb)
    return Reply((turn.me("session.attends", session_facts(turn, session)),))


def _take_seat(turn: Turn, command: Command, way: Way) -> Reply:
    firm = turn.person.enterprise_id if turn.person else None
    told = replace(command, words="") if _says_nothing(turn, command) else command
    meant = _session_of(turn, command)
    brings = bool(told.words) or (told.names_thing and meant is not command)
    session = find_session_to_join(turn, meant, brings=brings)
    if firm is None:
        return _unbound(turn, told)
    known_firm = people.enterprise(turn.db, firm)
    if known_firm and known_firm.has_left:
        return _refuse_seat(turn, told, known_firm)
    issue_id, says = _matter(turn, told)
    known = sessions.seat_of(turn.db, session.id, enterprise_id=firm)
    seat = known or Seat(0, session.id, way, Coming.AWAY, firm)
    # Who was asked because of what is on the agenda has come for that.
    asked_for = list_own_issues(turn, session, firm) if seat.way is Way.MATTER else []
    issues = tuple(dict.fromkeys([*seat.issues, *asked_for, *([issue_id] if issue_id else [])]))
    place = replace(
        seat, way=way, person_id=turn.person_id, thread_id=turn.thread.id, issues=issues
    )
    place = keep_seat(turn, replace(place, coming=_state(turn, session, seat, way)))
    note(turn, session, command.verb)
    key = "session.written" if way is Way.WRITTEN else f"session.signed_{place.coming}"
    if is_past(turn, session):
        key = "session.signed_undated"
    asked = not issues and told is command
    expect = Action("sign_up") if asked else None
    known_of = _open(turn) if asked else []
    hint = Line("session.which_topic" if known_of else "session.say_topic")
    card = {**session_facts(turn, session), "hint": hint if asked else None}
    options = [_about(issue) for issue in known_of]
    if session.stage is Stage.HELD and issue_id is not None:
        return _add_tonight(turn, session, card, issue_id, says)
    done = turn.me(key, card, options, expect=expect, issue_id=issue_id)
    return Reply((*says, done, *update_agenda(turn, session)), issue_id)


def _add_tonight(
    turn: Turn, session: Session, card: dict[str, object], issue_id: int, says: Sequence[Say]
) -> Reply:
    """A matter that is brought while the session is held comes up there, and the clerk sees it."""
    item = put_on_agenda(turn, session, issues_of.get(turn.db, issue_id))
    firm = people.enterprise(turn.db, turn.person.enterprise_id if turn.person else None)
    told = {"place": item.place, "title": item.title, "enterprise": firm.name if firm else None}
    mine = turn.me(
        "session.signed_tonight", {**card, "agenda_place": item.place}, issue_id=issue_id
    )
    return Reply((*says, mine, Say(ToDuty(), "agenda.added", told, issue_id=issue_id)), issue_id)


def _says_nothing(turn: Turn, command: Command) -> bool:
    """`报名 参加`, `报名 2个人`, and 没有 to the question what it is about."""
    words = fold(command.words).strip("!！。.~,，")
    if words in turn.texts.list_words("reading.no_topic"):
        return True
    read = read_attendance(command.words)
    return read is not None and read.answer is ReplyKind.COMES


def _unbound(turn: Turn, command: Command) -> Reply:
    """Nobody knows whose seat it would be; what they wrote is a matter all the same."""
    issue_id, says = _matter(turn, command)
    sorry = turn.me("session.unbound_seat", {"phone": turn.park.phone})
    return Reply((*says, sorry), issue_id)


def _refuse_seat(turn: Turn, command: Command, firm: Enterprise) -> Reply:
    """A firm that has left the park has no seat; what it wrote is a matter all the same."""
    issue_id, says = _matter(turn, command)
    told = {"enterprise": firm.name, "residence": firm.residence, "phone": turn.park.phone}
    return Reply((*says, turn.me("session.firm_gone", told)), issue_id)


def _open(turn: Turn) -> list[Issue]:
    """What the enterprise may have come to speak of."""
    firm = turn.person.enterprise_id if turn.person else None
    found = issues_of.open_of_contact(turn.db, turn.thread.id, firm, OFFERED)
    return [issue for issue in found if issue.status in WORKED_ON]


def _about(issue: Issue) -> Option:
    return Option(
        "options.issue",
        build_action("sign_up", issue),
        {"number": issue.number, "title": issue.title},
    )


def _session_of(turn: Turn, command: Command) -> Command:
    """A bare number behind 报名 is a session's, if there is one with it, else an issue's."""
    if command.chosen:
        return command if command.target_id is not None else Command(command.verb)
    session = command.number and sessions.by_number(turn.db, command.number.serial)
    is_session = bool(session) and not command.words and command.number is not None
    whole = command.number is not None and command.number.day is None
    return command if is_session and whole else Command(command.verb)


def _matter(turn: Turn, command: Command) -> tuple[int | None, Sequence[Say]]:
    """The issue it is about: a known one, or a new one filed with these words."""
    if command.words:
        filed = file(turn, command.words)
        return filed.issue_id, filed.says
    if not command.names_thing or _session_of(turn, command) is command:
        return None, ()
    return the_issue(turn, command).id, ()


def _state(turn: Turn, session: Session, seat: Seat, way: Way) -> Coming:
    asked = seat.way in (Way.NAMED, Way.MATTER)
    if way is Way.WRITTEN or seat.coming is Coming.COMING or asked:
        return Coming.AWAY if way is Way.WRITTEN else Coming.COMING
    return Coming.COMING if series.has_room(turn, session) else Coming.WAITING


def _mine(turn: Turn, command: Command) -> Session:
    """The session of a seat's answer: by number, else tonight's or the next."""
    held = sessions.find_current_session(turn.db)
    return held if held and command.serial in (None, held.number) else to_come(turn, command)


def keep_seat(turn: Turn, seat: Seat) -> Seat:
    """Written down, a new one with its id."""
    if not seat.id:
        return sessions.add_seat(turn.db, seat)
    sessions.save_seats(turn.db, [seat])
    return seat


def _promote_waiting(turn: Turn, session: Session) -> list[Say]:
    """Who waits longest gets the seat, and hears it."""
    waiting = [
        candidate
        for candidate in sessions.seats_of(turn.db, session.id)
        if candidate.coming is Coming.WAITING
    ]
    if not waiting or not series.has_room(turn, session):
        return []
    seat = replace(waiting[0], coming=Coming.COMING)
    sessions.save_seats(turn.db, [seat])
    to = ToThread(seat.thread_id) if seat.thread_id else ToDuty()
    return [Say(to, "session.promoted", session_facts(turn, session))]
