"""`议程`: each sees what they may; the office puts it in order."""

from dataclasses import replace

from bot.core.agenda import Ground, Item, Outcome, moved_up, on_agenda
from bot.core.messages import Line, Refused
from bot.core.people import Role
from bot.core.sessions import TO_COME, Session
from bot.monday import composing
from bot.monday.readback import settled_lines
from bot.monday.views import SEES_ALL, of_enterprise, of_person, session_facts, sheet, whole
from handlers.commands import Command
from handlers.meeting import note, shown, the_item
from handlers.turn import Reply, Turn
from storage import agenda, sessions


def view(turn: Turn, command: Command) -> Reply:
    """`议程`, `议程 95`: the whole for the office and leaders, else one's own part."""
    session = shown(turn, command)
    items = _current(turn, session)
    if turn.role in SEES_ALL:
        return Reply((turn.me("agenda.whole", _whole(turn, session, items)),))
    lines = _own(turn, session, items)
    rest = len(on_agenda(items)) - len(lines)
    card = {
        **session_facts(turn, session),
        "lines": lines or (Line("agenda.nothing"),),
        "rest": Line("agenda.rest", {"rest": rest}) if rest > 0 else None,
    }
    return Reply((turn.me("agenda.mine", card),))


def move_up(turn: Turn, command: Command) -> Reply:
    """`上移 3`: one place further up."""
    session = _ahead(turn)
    items = _current(turn, session)
    chosen = the_item(turn, session, command)
    agenda.write(turn.db, session.id, moved_up(items, chosen.place))
    note(turn, session, command.verb, item=chosen)
    return _changed(turn, session)


def take_off(turn: Turn, command: Command) -> Reply:
    """`换下 5`: not this time; it comes back at the next session by itself."""
    session = _ahead(turn)
    items = _current(turn, session)
    chosen = the_item(turn, session, command)
    if chosen.ground is Ground.PROMISE:
        raise Refused("agenda.promise_stays", place=chosen.place)
    off = replace(chosen, outcome=Outcome.OFF)
    agenda.write(turn.db, session.id, [off if one.id == chosen.id else one for one in items])
    composing.composed(turn, session)
    note(turn, session, command.verb, item=chosen)
    return _changed(turn, session)


def add_topic(turn: Turn, command: Command) -> Reply:
    """`加议题 明年电价政策`: everybody's, no enterprise's own."""
    words = turn.text.strip().split(maxsplit=1)[-1] if command.number else command.rest
    if not words:
        raise Refused("agenda.topic_how")
    session = _ahead(turn)
    items = _current(turn, session)
    serial = sum(one.ground is Ground.ADDED for one in items) + 1
    topic = Item(
        matter=f"topic:{session.number}-{serial}-{turn.now:%d%H%M%S}",
        ground=Ground.ADDED,
        title=words,
        session_id=session.id,
        place=len(on_agenda(items)) + 1,
        minutes=turn.house.sessions.boxes.get("added", 6),
    )
    added = agenda.add(turn.db, topic)
    composing.composed(turn, session)
    note(turn, session, command.verb, item=added, text=words)
    return _changed(turn, session)


def prepare(turn: Turn, command: Command) -> Reply:
    """`会前`: one screen for the leader, by enterprise."""
    session = shown(turn, command)
    lines = sheet(turn, session, _current(turn, session))
    card = {**session_facts(turn, session), "lines": lines or (Line("agenda.nothing"),)}
    return Reply((turn.me("agenda.sheet", card),))


def _current(turn: Turn, session: Session) -> list[Item]:
    """The agenda as it stands; one that is still ahead is brought up to date first."""
    if session.stage in TO_COME:
        return composing.composed(turn, session)
    return agenda.of_session(turn.db, session.id)


def _ahead(turn: Turn) -> Session:
    session = shown(turn, Command("agenda"))
    if session.stage not in TO_COME:
        raise Refused("agenda.begun", number=session.number)
    return sessions.get(turn.db, session.id)


def _changed(turn: Turn, session: Session) -> Reply:
    items = agenda.of_session(turn.db, session.id)
    return Reply((turn.me("agenda.whole", _whole(turn, session, items)),))


def _whole(turn: Turn, session: Session, items: list[Item]) -> dict[str, object]:
    off = sum(one.outcome is Outcome.OFF for one in items)
    minutes = sum(one.minutes for one in on_agenda(items))
    over = minutes - turn.house.sessions.minutes
    return {
        **session_facts(turn, session),
        "settled": settled_lines(turn, session),
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
