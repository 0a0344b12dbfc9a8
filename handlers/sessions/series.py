"""The office convenes: another day, no session, an extra one, its theme, its beginning."""

from dataclasses import replace
from datetime import date, datetime

from bot.actions.sessions import series, tally
from bot.actions.sessions.date_news import ANNOUNCED, bind_to_date, tell_cancellation, tell_move
from bot.actions.sessions.views import attendance, session_facts, whole
from bot.core.days.clock_times import names_time, take_clock_time
from bot.core.days.dates import Deadline, NoSuchDay, UnclearDay, read_deadline
from bot.core.messages import Action, Line, Option, Refused, Say, ToThread
from bot.core.people import Role
from bot.core.sessions.agenda import on_agenda
from bot.core.sessions.session import EARLY, EVENING, Coming, Session, Way
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import hearers
from handlers.sessions.lookup import find_running_session, find_session, note, open_session, to_come
from storage.delivery import threads
from storage.people import people
from storage.sessions import agenda, sessions

LONGEST_MONTH = 31
"""Days; a greater number before the words is that of a session."""


def overview(turn: Turn, command: Command) -> Reply:
    """`主题日`: when and where the next is, and what all of them came to."""
    session = find_session(turn, command)
    ledger = tally.build_values(turn.db, turn.park.sessions)
    card = {**session_facts(turn, session), **ledger, "stage": session.stage}
    card["mine"] = _mine(turn, session)
    return Reply((turn.me("session.overview", card),))


def _mine(turn: Turn, session: Session) -> Line | None:
    """What an enterprise has said about coming."""
    firm = turn.person.enterprise_id if turn.person else None
    seat = sessions.seat_of(turn.db, session.id, enterprise_id=firm) if firm else None
    if seat is None:
        return None
    return Line("session.mine", {"state": seat.way if seat.way is Way.WRITTEN else seat.coming})


def move(turn: Turn, command: Command) -> Reply:
    """`改到 96 10月8日`, `改到 96 10月8日 15:00`: everything comes along, everybody hears it."""
    command = _with_day(turn, command)
    session = to_come(turn, command)
    held = find_running_session(turn)
    if held is not None and command.serial is None and command.words:
        asked = _ask_about_next(turn, held, session, command.words)
        if asked is not None:
            return asked
    starts_at, others = _moment(turn, command.words, session)
    if others:
        raise Refused("session.unread", text=others)
    before = session_facts(turn, session)["starts_at"]
    rescheduled = series.move_session(turn, session, starts_at)
    note(turn, rescheduled, command.verb, text=command.words)
    card = {**session_facts(turn, rescheduled, "update"), "before": before}
    news = tell_move(turn, session, rescheduled, _list_concerned_threads(turn, session))
    return Reply((turn.me("session.moved_done", card), *news))


def _ask_about_next(turn: Turn, held: Session, session: Session, words: str) -> Reply | None:
    """While a session is held it is the next one that is moved. A weekday may then be that of its
    own week or the coming one: the clerk reads both days first; None where they are one."""
    own_week = turn.park.local(session.starts_at).date()
    soon, others = _moment(turn, words, session)
    later, _ = _moment(turn, words, session, own_week)
    if soon == later or others:
        return None
    number = str(session.number)
    options = [
        Option(
            "options.session_move",
            Action(
                "move_session",
                target_id=session.number,
                words=f"{turn.park.local(moment):%Y-%m-%d %H:%M}",
                number=number,
            ),
            {"at": moment},
        )
        for moment in (later, soon)
    ]
    told = {"held": held.number, **session_facts(turn, session)}
    return Reply((turn.me("session.move_next", told, options),))


def cancel(turn: Turn, command: Command) -> Reply:
    """`取消本期 96`: seats and matters go to the next session."""
    session = to_come(turn, command)
    hearers.ask_about_all(turn, command)
    concerned = _list_concerned_threads(turn, session)
    gone, following = series.cancel_session(turn, session)
    note(turn, gone, command.verb, text=command.words)
    after = session_facts(turn, following) if following else {}
    card = {
        **session_facts(turn, gone, "remove"),
        "text": command.words or None,
        "next_number": after.get("number"),
        "next_at": after.get("starts_at"),
        "next_link": after.get("link"),
    }
    news = tell_cancellation(turn, gone, following, card, concerned)
    return Reply((turn.me("session.cancelled_done", card), *news))


def as_usual(turn: Turn, command: Command) -> Reply:
    """`照常开 96`: on the holiday all the same."""
    proposed = to_come(turn, command)
    session = sessions.save(turn.db, replace(proposed, proposed_at=None))
    note(turn, session, command.verb)
    facts = session_facts(turn, session)
    news = _tell_group(turn, session, "session.as_usual") if proposed.proposed_at else []
    return Reply((turn.me("session.as_usual_done", facts), *news))


def extra(turn: Turn, command: Command) -> Reply:
    """`加期 10月17日 15:00 东区片区期`: one more session, with its own number."""
    starts_at, kind = _moment(turn, command.words, None)
    series.plan_next_session(turn)
    session = series.create(turn, starts_at, kind=kind)
    note(turn, session, command.verb, text=command.words)
    done = turn.me("session.extra_done", session_facts(turn, session))
    return Reply((done, *_tell_group(turn, session, ANNOUNCED)))


def theme(turn: Turn, command: Command) -> Reply:
    """`主题 优化员工交通出行`: of the next session, or of the one whose number is given."""
    session = to_come(turn, command)
    if not command.words:
        return Reply((turn.me("session.theme_how", expect=Action("theme")),))
    hearers.ask_about_all(turn, command)
    category = series.category_of(turn, command.words)
    sequence = session.sequence + 1
    changed = replace(session, theme=command.words, category=category, sequence=sequence)
    sessions.save(turn.db, changed)
    note(turn, changed, command.verb, text=command.words)
    about = Line("session.theme_category", {"category": category}) if category else None
    card = {**session_facts(turn, changed), "category": about}
    return Reply((turn.me("session.theme_done", card),))


def open_(turn: Turn, command: Command) -> Reply:
    """`开会`: roll-call and read-back begin; said again, it shows how the evening stands."""
    begun = _begin_session(turn, command)
    items = agenda.of_session(turn.db, begun.id)
    seats = sessions.seats_of(turn.db, begun.id)
    card = {
        **session_facts(turn, begun),
        "seats": attendance(turn, [seat for seat in seats if seat.coming is not Coming.AWAY]),
        "lines": whole(turn, items, begun),
    }
    return Reply((turn.me("session.opened", card),))


def _begin_session(turn: Turn, command: Command) -> Session:
    """Tonight's session, or the one with the number. Raises Refused when it is too early, or while
    another one goes on."""
    held = sessions.find_current_session(turn.db)
    if held is not None and turn.now < held.starts_at + EVENING:
        if command.serial in (None, held.number):
            return held
        raise Refused("session.still_held", number=held.number)
    session = to_come(turn, command)
    if turn.now < session.starts_at - EARLY:
        word = turn.texts.command("move_session")
        raise Refused("session.early", number=session.number, at=session.starts_at, word=word)
    return open_session(turn, session)


def _with_day(turn: Turn, command: Command) -> Command:
    """`改到 8号 15:00`: the number is the day's where no other day is said."""
    number = command.number
    if number is None or command.target_id is not None or number.serial > LONGEST_MONTH:
        return command
    try:
        known = _read_day(turn, command.words)
    except (NoSuchDay, UnclearDay):
        return command
    if known:
        return command
    words = turn.texts.render("session.day_of_month", {"day": number.serial})
    return replace(command, number=None, words=f"{words} {command.words}".strip())


def _moment(
    turn: Turn, words: str, session: Session | None, today: date | None = None
) -> tuple[datetime, str]:
    """The day of the words at the time of the words, else at the session's usual time; and the
    words that are left. Raises Refused, rather than drop words that speak of a time."""
    try:
        found = _read_day(turn, words, today)
    except NoSuchDay:
        raise Refused("session.no_such_day", text=words) from None
    except UnclearDay:
        raise Refused("session.unclear_day", text=words) from None
    if found is None:
        raise Refused("session.which_day")
    usual = turn.park.local(session.starts_at).time() if session else turn.park.sessions.at
    at, others = (found.at, found.after) if found.timed else take_clock_time(found.after)
    if (at is None and found.timed) or names_time(others):
        raise Refused("session.which_time", text=words)
    moment = datetime.combine(found.day, at or usual, turn.park.hours.zone)
    if moment <= turn.now:
        raise Refused("session.past", at=moment)
    return moment, others


def _read_day(turn: Turn, words: str, today: date | None = None) -> Deadline | None:
    day = today or turn.park.local(turn.now).date()
    return read_deadline(words, day, turn.park.hours.calendar)


def _tell_group(turn: Turn, session: Session, key: str) -> list[Say]:
    group = turn.park.sessions.group
    if group is None:
        return []
    thread = threads.open_thread(turn.db, group, None)
    says = [Say(ToThread(thread.id), key, session_facts(turn, session))]
    return bind_to_date(session, says) if thread.id != turn.thread.id else []


def _list_concerned_threads(turn: Turn, session: Session) -> list[int]:
    """Threads of everybody who had the date, each once: who was asked, signed up or said no, the
    liaisons of those firms, the group; once the agenda is out, also the leaders and whoever holds
    an item of it."""
    found = []
    people_ids = []
    for seat in sessions.seats_of(turn.db, session.id):
        firm = people.enterprise(turn.db, seat.enterprise_id)
        if firm is not None and firm.liaison_id is not None:
            people_ids.append(firm.liaison_id)
        if seat.thread_id is not None:
            found.append(seat.thread_id)
        elif seat.enterprise_id is not None:
            found += [thread.id for thread in threads.of_enterprise(turn.db, seat.enterprise_id)]
        elif seat.person_id is not None:
            people_ids.append(seat.person_id)
    if session.published_at is not None:
        items = on_agenda(agenda.of_session(turn.db, session.id))
        people_ids += [item.owner_id for item in items if item.owner_id is not None]
        people_ids += [leader.id for leader in people.of_role(turn.db, Role.LEADER)]
    homes = (threads.of_person(turn.db, person_id) for person_id in dict.fromkeys(people_ids))
    found += [home.id for home in homes if home is not None]
    group = turn.park.sessions.group
    if group is not None:
        found.append(threads.open_thread(turn.db, group, None).id)
    return [thread_id for thread_id in dict.fromkeys(found) if thread_id != turn.thread.id]
