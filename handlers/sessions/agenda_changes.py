"""The office puts the agenda in order: 上移 换下 换上 加议题; several at once, all or none."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.actions.sessions import agenda as agenda_actions
from bot.actions.sessions.agenda_news import update_agenda
from bot.core.messages import Action, Option, Refused
from bot.core.sessions.agenda import NOT_TONIGHT, Ground, Item, Outcome, on_agenda
from bot.core.sessions.capacity import build_room, count_minutes, find_end
from bot.core.sessions.order import move_item_down, move_item_up
from bot.core.sessions.session import TO_COME, Session
from handlers.dispatch.command import Command
from handlers.dispatch.lists import find_list
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions.agenda import bring_up_to_date, show_page
from handlers.sessions.lookup import find_session, note
from storage.sessions import agenda, sessions
from storage.sessions.sessions import SessionEvent

MOVES = frozenset({"move_up", "move_down", "take_off", "put_back", "add_topic"})
"""What one 撤销 takes back."""
UNDONE = "take_back"
_DRAFTED = frozenset({Outcome.OPEN, Outcome.OFF, Outcome.WAITS})


def move_up(turn: Turn, command: Command) -> Reply:
    """`上移 3`, `上移 3 5`: one place further up."""
    session, before, chosen = _choose(turn, command)
    first = chosen[0].place == 1
    if first and len(chosen) > 1:
        raise Refused("agenda.at_end", place=1)
    items: Sequence[Item] = bring_up_to_date(turn, session)
    for item in sorted(chosen, key=lambda item: item.place):
        items = move_item_up(items, _find_place(items, item))
    back = None if first else _build_way_back("move_down", chosen, -1)
    return _finish(turn, command, session, before, chosen, items, back)


def move_down(turn: Turn, command: Command) -> Reply:
    """`下移 3`, `下移 3 5`: one place further down."""
    session, before, chosen = _choose(turn, command)
    items: Sequence[Item] = bring_up_to_date(turn, session)
    end = len(on_agenda(items))
    last = any(item.place == end for item in chosen)
    if last and len(chosen) > 1:
        raise Refused("agenda.at_end", place=end)
    for item in sorted(chosen, key=lambda item: -item.place):
        items = move_item_down(items, _find_place(items, item))
    back = None if last else _build_way_back("move_up", chosen, 1)
    return _finish(turn, command, session, before, chosen, items, back)


def take_off(turn: Turn, command: Command) -> Reply:
    """`换下 5`, `换下 6 7 8`: not this time; it comes back at a later session by itself."""
    session, before, chosen = _choose(turn, command)
    for item in chosen:
        if item.ground is Ground.PROMISE:
            key = "agenda.batch_stays" if len(chosen) > 1 else "agenda.promise_stays"
            raise Refused(key, place=item.place)
    ids = {item.id for item in chosen}
    items = [
        replace(item, outcome=Outcome.OFF, wait=None) if item.id in ids else item
        for item in bring_up_to_date(turn, session)
    ]
    back = Option("options.put_back", Action("put_back"))
    return _finish(turn, command, session, before, chosen, items, back)


def put_back(turn: Turn, command: Command) -> Reply:
    """`换上`: what was taken off last is on the agenda again, before what came in for it."""
    session = _find_ahead(turn)
    before = _build_snapshot(turn, session)
    items = bring_up_to_date(turn, session)
    off = {item.id: item for item in items if item.outcome is Outcome.OFF}
    acts = [act for act in sessions.history(turn.db, session.id) if act.item_id in off]
    taken = [act for act in acts if act.act == "take_off"]
    if not taken:
        raise Refused("agenda.nothing_off", number=session.number)
    ids = {act.item_id for act in taken if act.because == taken[-1].because}
    chosen = [item for item in items if item.id in ids]
    again = [
        replace(item, outcome=Outcome.OPEN, wait=0) if item.id in ids else item for item in items
    ]
    return _finish(turn, command, session, before, chosen, again, None)


def add_topic(turn: Turn, command: Command) -> Reply:
    """`加议题 明年电价政策`: everybody's, no enterprise's own. Asked first where the evening would
    become longer."""
    words = command.words
    if not words:
        raise Refused("agenda.topic_how")
    session = _find_ahead(turn)
    before = _build_snapshot(turn, session)
    items = bring_up_to_date(turn, session)
    minutes = turn.park.sessions.boxes.get("added", 6)
    room = build_room(turn.park.sessions, session)
    whole = count_minutes(items) + minutes
    if whole > room.minutes and not turn.anyway:
        told = {"number": session.number, "title": words}
        told["end"] = find_end(session, room.minutes)
        told["until"] = find_end(session, whole)
        anyway = Option("options.add_anyway", Action(command.verb, words=words, anyway=True))
        return Reply((turn.me("agenda.too_long", told, [anyway]),))
    if whole > room.minutes:
        session = sessions.save(turn.db, replace(session, minutes=whole))
    serial = sum(item.ground is Ground.ADDED for item in items) + 1
    topic = Item(
        matter=f"topic:{session.number}-{serial}-{turn.now:%d%H%M%S}",
        ground=Ground.ADDED,
        title=words,
        session_id=session.id,
        place=len(on_agenda(items)) + 1,
        minutes=minutes,
    )
    added = agenda.add(turn.db, topic)
    return _finish(turn, command, session, before, [added], None, None)


def restore_agenda(turn: Turn, done: SessionEvent) -> Reply:
    """What was done last to an agenda is taken back, a batch as one. Raises Refused where somebody
    has changed it since, or the evening has begun."""
    session = sessions.get(turn.db, done.session_id)
    history = sessions.history(turn.db, session.id)
    undone = {act.undoes for act in history}
    acts = [act for act in history if act.act in MOVES and act.id not in undone]
    batch = [act for act in acts if act.because == done.because]
    if session.stage not in TO_COME or acts[-1].because != done.because or not batch[0].text:
        raise Refused("undo.of_session")
    before = json.loads(batch[0].text)
    sessions.change(turn.db, session.id, minutes=before["minutes"])
    known = {item_id: (place, Outcome(state)) for item_id, place, state in before["items"]}
    items = [
        _restore_item(item, known) for item in bring_up_to_date(turn, session) if item.id in known
    ]
    staying = sorted(
        (item for item in items if item.outcome not in NOT_TONIGHT), key=lambda item: item.place
    )
    off = [item for item in items if item.outcome in NOT_TONIGHT]
    agenda.write(turn.db, session.id, [*staying, *off])
    for act in batch:
        sessions.record(turn.db, session.id, UNDONE, turn.own_origin, undoes=act.id)
    return _show(turn, sessions.get(turn.db, session.id), None)


def _restore_item(item: Item, known: dict[int, tuple[int, Outcome]]) -> Item:
    place, outcome = known[item.id]
    if item.outcome not in _DRAFTED or outcome not in _DRAFTED:
        return item
    return replace(item, place=place, outcome=outcome)


def _find_ahead(turn: Turn) -> Session:
    session = find_session(turn, Command("agenda"))
    if session.stage not in TO_COME:
        raise Refused("agenda.begun", number=session.number)
    return sessions.get(turn.db, session.id)


def _choose(turn: Turn, command: Command) -> tuple[Session, str, list[Item]]:
    """The session, its agenda before as it can be restored, and all items that are meant by the
    numbers that were shown last, in their order. Raises Refused unless each is there."""
    session = _find_ahead(turn)
    shown = _list_shown(turn, session)
    before = _build_snapshot(turn, session)
    there = {item.id: item for item in on_agenda(bring_up_to_date(turn, session))}
    if command.target_id is not None:
        ids = [command.target_id]
    else:
        numbers = command.numbers or ((command.number,) if command.number else ())
        if not numbers:
            raise Refused("agenda.which_item", word=turn.texts.command(command.verb))
        ids = [shown.get(number.serial, 0) for number in numbers]
    missing = [
        number.serial
        for number, item_id in zip(command.numbers, ids, strict=False)
        if item_id not in there
    ]
    if missing:
        places = turn.texts.words["agenda.between"].join(map(str, missing))
        raise Refused("agenda.batch_none", places=places)
    if ids[0] not in there:
        place = command.number.serial if command.number else None
        word = turn.texts.command(command.verb)
        raise Refused("agenda.no_item", word=word, place=place)
    chosen = [there[item_id] for item_id in dict.fromkeys(ids)]
    return session, before, sorted(chosen, key=lambda item: item.place)


def _list_shown(turn: Turn, session: Session) -> dict[int, int]:
    """The items by the numbers that this person saw last: on a list of their own, else on the
    agenda that the clock sent since."""
    shown = find_list(turn.thread, turn.now)
    sent = max((at for at in (session.agenda_at, session.published_at) if at), default=None)
    if shown is not None and shown.items and (sent is None or shown.at >= sent):
        return dict(shown.items)
    stored = agenda.of_session(turn.db, session.id)
    items = stored if sent is not None else bring_up_to_date(turn, session)
    return {item.place: item.id for item in on_agenda(items)}


def _find_place(items: Sequence[Item], meant: Item) -> int:
    return next(item.place for item in items if item.id == meant.id)


def _build_way_back(verb: str, chosen: Sequence[Item], step: int) -> Option | None:
    """Of one item: a digit. A batch goes back by 撤销."""
    if len(chosen) != 1:
        return None
    item = chosen[0]
    undo = Action(verb, target_id=item.id, number=str(item.place + step))
    return Option("options.move_back", undo)


def _build_snapshot(turn: Turn, session: Session) -> str:
    items = agenda.of_session(turn.db, session.id)
    kept: dict[str, Any] = {"minutes": session.minutes}
    kept["items"] = [[item.id, item.place, item.outcome.value] for item in items]
    return json.dumps(kept)


def _finish(
    turn: Turn,
    command: Command,
    session: Session,
    before: str,
    chosen: Sequence[Item],
    items: Sequence[Item] | None,
    back: Option | None,
) -> Reply:
    if items is not None:
        agenda.write(turn.db, session.id, items)
    for item in chosen:
        note(turn, session, command.verb, item=item, text=before)
    return _show(turn, session, back)


def _show(turn: Turn, session: Session, back: Option | None) -> Reply:
    agenda_actions.compose_agenda(turn, session)
    news = update_agenda(turn, session)
    items = agenda.of_session(turn.db, session.id)
    reply = show_page(turn, Command("agenda"), session, items, *([back] if back else ()))
    return Reply((*reply.says, *news))
