"""`议程`: each sees what they may; the office puts it in order."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.actions.sessions import agenda as agenda_actions
from bot.actions.sessions.promises import build_settled_lines
from bot.actions.sessions.views import (
    SEES_ALL,
    of_enterprise,
    of_person,
    session_facts,
    sheet,
    whole,
)
from bot.core.messages import Action, Line, Option, Refused
from bot.core.people import Role
from bot.core.sessions.agenda import Ground, Item, Outcome, move_item_down, move_item_up, on_agenda
from bot.core.sessions.session import TO_COME, Session
from handlers.dispatch.command import Command
from handlers.dispatch.lists import remember_places
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions.lookup import find_session, note, the_item
from storage.sessions import agenda, sessions


def view(turn: Turn, command: Command) -> Reply:
    """`议程`, `议程 95`: the whole for the office and leaders, else one's own part."""
    session = find_session(turn, command)
    items = _current(turn, session)
    if turn.role in SEES_ALL:
        _remember_places(turn, command, items)
        return Reply((turn.me("agenda.whole", _whole(turn, session, items)),))
    lines = _own(turn, session, items)
    rest = len(on_agenda(items)) - len(lines)
    card = {
        **session_facts(turn, session),
        "lines": lines or (Line("agenda.nothing"),),
        "rest": Line("agenda.rest", {"rest": rest}) if rest > 0 else None,
    }
    return Reply((turn.me("agenda.mine", card),))


def _remember_places(turn: Turn, command: Command, items: list[Item]) -> None:
    """Of what is about an issue, so that its place may stand for it."""
    places = {item.place: item.issues[0] for item in on_agenda(items) if item.issues}
    remember_places(turn, command, places)


def move_up(turn: Turn, command: Command) -> Reply:
    """`上移 3`: one place further up."""
    return _move_item(turn, command, move_item_up, "move_down", -1)


def move_down(turn: Turn, command: Command) -> Reply:
    """`下移 3`: one place further down."""
    return _move_item(turn, command, move_item_down, "move_up", 1)


def take_off(turn: Turn, command: Command) -> Reply:
    """`换下 5`: not this time; it comes back at the next session by itself."""
    session = _ahead(turn)
    items = _current(turn, session)
    chosen = the_item(turn, session, command)
    if chosen.ground is Ground.PROMISE:
        raise Refused("agenda.promise_stays", place=chosen.place)
    off = replace(chosen, outcome=Outcome.OFF)
    agenda.write(turn.db, session.id, [off if item.id == chosen.id else item for item in items])
    agenda_actions.compose_agenda(turn, session)
    note(turn, session, command.verb, item=chosen)
    return _show_agenda(turn, session, Option("options.put_back", Action("put_back")))


def put_back(turn: Turn, command: Command) -> Reply:
    """`换上`: what was taken off last is on the agenda again."""
    session = _ahead(turn)
    items = _current(turn, session)
    off = {item.id: item for item in items if item.outcome is Outcome.OFF}
    acts = sessions.history(turn.db, session.id)
    last = [act.item_id for act in acts if act.act == "take_off" and act.item_id in off]
    if not last:
        raise Refused("agenda.nothing_off", number=session.number)
    again = replace(off[last[-1] or 0], outcome=Outcome.OPEN)
    agenda.write(turn.db, session.id, [again if item.id == again.id else item for item in items])
    agenda_actions.compose_agenda(turn, session)
    note(turn, session, command.verb, item=again)
    return _show_agenda(turn, session)


def add_topic(turn: Turn, command: Command) -> Reply:
    """`加议题 明年电价政策`: everybody's, no enterprise's own."""
    words = command.words
    if not words:
        raise Refused("agenda.topic_how")
    session = _ahead(turn)
    items = _current(turn, session)
    serial = sum(item.ground is Ground.ADDED for item in items) + 1
    topic = Item(
        matter=f"topic:{session.number}-{serial}-{turn.now:%d%H%M%S}",
        ground=Ground.ADDED,
        title=words,
        session_id=session.id,
        place=len(on_agenda(items)) + 1,
        minutes=turn.park.sessions.boxes.get("added", 6),
    )
    added = agenda.add(turn.db, topic)
    agenda_actions.compose_agenda(turn, session)
    note(turn, session, command.verb, item=added, text=words)
    return _show_agenda(turn, session)


def prepare(turn: Turn, command: Command) -> Reply:
    """`会前`: one screen for the leader, by enterprise."""
    session = find_session(turn, command)
    lines = sheet(turn, session, _current(turn, session))
    card = {**session_facts(turn, session), "lines": lines or (Line("agenda.nothing"),)}
    return Reply((turn.me("agenda.sheet", card),))


def _current(turn: Turn, session: Session) -> list[Item]:
    """The agenda as it stands; one that is still ahead is brought up to date first."""
    if session.stage in TO_COME:
        return agenda_actions.compose_agenda(turn, session)
    return agenda.of_session(turn.db, session.id)


def _ahead(turn: Turn) -> Session:
    session = find_session(turn, Command("agenda"))
    if session.stage not in TO_COME:
        raise Refused("agenda.begun", number=session.number)
    return sessions.get(turn.db, session.id)


def _move_item(
    turn: Turn,
    command: Command,
    how: Callable[[Sequence[Item], int], tuple[Item, ...]],
    back: str,
    step: int,
) -> Reply:
    """One place in a direction; the digit under it goes the other way."""
    session = _ahead(turn)
    items = _current(turn, session)
    chosen = the_item(turn, session, command)
    agenda.write(turn.db, session.id, how(items, chosen.place))
    note(turn, session, command.verb, item=chosen)
    if not 0 < chosen.place + step <= len(on_agenda(items)):
        return _show_agenda(turn, session)
    undo = Action(back, target_id=chosen.id, number=str(chosen.place + step))
    return _show_agenda(turn, session, Option("options.move_back", undo))


def _show_agenda(turn: Turn, session: Session, *options: Option) -> Reply:
    items = agenda.of_session(turn.db, session.id)
    return Reply((turn.me("agenda.whole", _whole(turn, session, items), options),))


def _whole(turn: Turn, session: Session, items: list[Item]) -> dict[str, object]:
    off = sum(item.outcome is Outcome.OFF for item in items)
    minutes = sum(item.minutes for item in on_agenda(items))
    over = minutes - turn.park.sessions.minutes
    return {
        **session_facts(turn, session),
        "settled": build_settled_lines(turn, session),
        "lines": whole(turn, items, session) or (Line("agenda.nothing"),),
        "off": Line("agenda.off", {"off": off}) if off else None,
        "over": Line("agenda.over", {"minutes": minutes, "over": over}) if over > 0 else None,
    }


def _own(turn: Turn, session: Session, items: list[Item]) -> tuple[Line, ...]:
    person = turn.person
    if person is None:
        return ()
    if person.role is Role.CONTACT:
        return of_enterprise(items, session, person.enterprise_id or 0)
    return of_person(turn, items, session, person)
