"""The end of a session: what must be settled before, what goes on, what is told."""

import secrets
from dataclasses import replace

from bot.actions.sessions.agenda import list_withdrawn
from bot.core.messages import Action, Line, Option
from bot.core.sessions.agenda import Item, Outcome, on_agenda
from bot.core.sessions.corrections import Change, compare, take_stock
from bot.core.sessions.session import Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import corrections, minutes, sign_in
from handlers.sessions.lookup import (
    find_held_session,
    note,
)
from storage.sessions import agenda, promises, sessions


def close(turn: Turn, command: Command) -> Reply:
    """`闭会`: needs an outcome for every item; asks about what has none, and where nobody signed in
    whether they were there."""
    session = find_held_session(turn, command)
    asked = sign_in.settle_attendance(turn, command, session)
    if asked is not None:
        return asked
    items = on_agenda(agenda.of_session(turn.db, session.id))
    gone = list_withdrawn(turn, items)
    left = [
        item
        for item in items
        if item.outcome is Outcome.OPEN and item.id not in gone and _must_conclude(turn, item)
    ]
    if left:
        lines = tuple(
            Line("minutes.left_line", {"place": item.place, "title": item.title}) for item in left
        )
        number = str(session.number)
        rest = Action("close_rest", target_id=session.number, act=command.act, number=number)
        later = Option("options.close_rest", rest)
        return Reply((turn.me("minutes.left", {"count": len(left), "lines": lines}, [later]),))
    return _close_session(turn, command, session)


def close_rest(turn: Turn, command: Command) -> Reply:
    """`其余移到下期`: what has no outcome goes to the next session, and this one is closed."""
    session = find_held_session(turn, command)
    asked = sign_in.settle_attendance(turn, command, session)
    return asked or _close_session(turn, command, session)


def _must_conclude(turn: Turn, item: Item) -> bool:
    """A promise whose day has not come is read back and runs on by itself."""
    if item.promise_id is None:
        return True
    return promises.get(turn.db, item.promise_id).due <= turn.now


def _close_session(turn: Turn, command: Command, session: Session) -> Reply:
    items = on_agenda(agenda.of_session(turn.db, session.id))
    gone = list_withdrawn(turn, items)
    for item in items:
        if item.id in gone:
            agenda.save(turn.db, replace(item, outcome=Outcome.GONE, place=0))
        elif item.outcome is Outcome.OPEN:
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
