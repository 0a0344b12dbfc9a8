"""At the session: new matters on the spot, and its end."""

import secrets
from dataclasses import replace

from bot.core.messages import Action, Line, Option, Refused
from bot.core.sessions.agenda import Ground, Item, Outcome, on_agenda
from bot.core.sessions.corrections import Change, compare, take_stock
from bot.core.sessions.session import Coming, Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.issues.filing import file
from handlers.sessions import corrections, minutes
from handlers.sessions.lookup import (
    find_held_session,
    note,
    the_firm,
    tonight,
)
from storage.delivery import threads
from storage.people import people
from storage.sessions import agenda, promises, sessions


def on_the_spot(turn: Turn, command: Command) -> Reply:
    """`现场 恒宇 车间漏雨`: an issue of the enterprise that spoke, and tonight's next item."""
    session = tonight(turn)
    firm, words = the_firm(turn, command)
    if not words:
        raise Refused("minutes.spot_how")
    thread = next(iter(threads.of_enterprise(turn.db, firm.id)), None)
    if thread is None:
        raise Refused("minutes.spot_no_contact", enterprise=firm.name)
    person = people.by_id(turn.db, thread.person_id)
    filed = file(replace(turn, thread=thread, person=person, media_id=None), words)
    issue = agenda.issues_by_id(turn.db, [filed.issue_id or 0])[filed.issue_id or 0]
    place = len(on_agenda(agenda.of_session(turn.db, session.id))) + 1
    fresh = Item(
        matter=f"issue:{issue.id}",
        ground=Ground.SIGNED,
        title=issue.title,
        session_id=session.id,
        place=place,
        issues=(issue.id,),
        firms=(firm.id,),
        owner_id=issue.owner_id,
        minutes=turn.park.sessions.boxes.get("signed", 6),
    )
    item = agenda.add(turn.db, fresh)
    note(turn, session, command.verb, item=item, text=words)
    told = {"number": issue.number, "enterprise": firm.name, "title": issue.title, "place": place}
    return Reply((turn.me("minutes.spot_done", told), *filed.says))


def close(turn: Turn, command: Command) -> Reply:
    """`闭会`: needs attendance and an outcome for every item; asks about what has none."""
    session = find_held_session(turn, command)
    _check_attendance(turn, session)
    items = on_agenda(agenda.of_session(turn.db, session.id))
    left = [item for item in items if item.outcome is Outcome.OPEN and _must_conclude(turn, item)]
    if left:
        lines = tuple(
            Line("minutes.left_line", {"place": item.place, "title": item.title}) for item in left
        )
        rest = Action("close_rest", target_id=session.number, number=str(session.number))
        later = Option("options.close_rest", rest)
        return Reply((turn.me("minutes.left", {"count": len(left), "lines": lines}, [later]),))
    return _close_session(turn, command, session)


def close_rest(turn: Turn, command: Command) -> Reply:
    """`其余移到下期`: what has no outcome goes to the next session, and this one is closed."""
    session = find_held_session(turn, command)
    _check_attendance(turn, session)
    return _close_session(turn, command, session)


def _must_conclude(turn: Turn, item: Item) -> bool:
    """A promise whose day has not come is read back and runs on by itself."""
    if item.promise_id is None:
        return True
    return promises.get(turn.db, item.promise_id).due <= turn.now


def _check_attendance(turn: Turn, session: Session) -> None:
    seats = [seat for seat in sessions.seats_of(turn.db, session.id) if seat.enterprise_id]
    expected = [seat for seat in seats if seat.coming is Coming.COMING]
    if expected and not any(seat.present_at for seat in expected):
        raise Refused("minutes.no_attendance", number=session.number)


def _close_session(turn: Turn, command: Command, session: Session) -> Reply:
    for item in on_agenda(agenda.of_session(turn.db, session.id)):
        if item.outcome is Outcome.OPEN:
            agenda.save(turn.db, replace(item, outcome=Outcome.LATER))
    done = replace(
        session,
        stage=Stage.CLOSED,
        closed_at=turn.now,
        next_due_at=None,
        paper=session.paper or secrets.token_hex(16),
    )
    sessions.save(turn.db, done)
    history = sessions.history(turn.db, done.id)
    before = next((act.changes for act in reversed(history) if act.act == "reopen_session"), None)
    if before is None:
        note(turn, done, command.verb)
        return Reply(tuple(minutes.publish(turn, done)))
    return _close_again(turn, command, done, before)


def _close_again(
    turn: Turn, command: Command, session: Session, before: tuple[Change, ...]
) -> Reply:
    """Everybody has the minutes already: they hear what has changed since, each their own."""
    items = on_agenda(agenda.of_session(turn.db, session.id))
    now = take_stock(items, promises.of_session(turn.db, session.id))
    changes = compare(before, now)
    if not changes:
        note(turn, session, command.verb)
        return Reply((turn.me("correction.nothing_changed", {"number": session.number}),))
    return corrections.publish(turn, session, changes, act=command.verb)
