"""Finds the session, the item, the promise or the firm that somebody means."""

from dataclasses import replace

from bot.actions.sessions import agenda as agenda_actions
from bot.actions.sessions import series
from bot.actions.sessions.views import build_promise_action
from bot.core.messages import Action, Option, Refused
from bot.core.names.outcome import Verdict
from bot.core.people import Enterprise, Role
from bot.core.sessions.agenda import Item, on_agenda
from bot.core.sessions.corrections import Change
from bot.core.sessions.order import at_place
from bot.core.sessions.promises import Promise, read_order
from bot.core.sessions.session import EARLY, EVENING, TO_COME, Coming, Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import Unclear
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import corrections
from storage.people import people
from storage.sessions import agenda, promises, sessions

OFFERED = 3
PROMISES = 8


def to_come(turn: Turn, command: Command) -> Session:
    """The session with the number that was given, else the next one. Raises Refused."""
    series.plan_next_session(turn)
    if command.serial is not None:
        found = sessions.by_number(turn.db, command.serial)
        if found is None or found.stage not in TO_COME:
            raise Refused("session.none_such", number=command.serial)
        return found
    following = series.find_next_session(turn)
    if following is None:
        raise Refused("session.none")
    return sessions.get(turn.db, following.id)


def find_running_session(turn: Turn) -> Session | None:
    """The session that is being held, tonight's only; None where there is none."""
    held = sessions.find_current_session(turn.db)
    return held if held is not None and turn.now < held.starts_at + EVENING else None


def find_session_to_join(turn: Turn, command: Command, *, brings: bool = False) -> Session:
    """The session that somebody wants to come to: until its end also the one that is being held,
    where its number is given, they were asked to it or sit there and bring a matter; else as
    `to_come`, tonight's before one that was not opened when its day came. Raises Refused."""
    held = find_running_session(turn)
    if held is not None:
        firm = turn.person.enterprise_id if turn.person else None
        seat = sessions.seat_of(turn.db, held.id, enterprise_id=firm) if firm else None
        asked = seat is not None and seat.coming is Coming.INVITED
        asked = asked or (brings and seat is not None and seat.coming is Coming.COMING)
        if command.serial == held.number or (asked and command.serial is None):
            return held
    session = to_come(turn, command)
    ahead = (later for later in sessions.to_come(turn.db) if not is_past(turn, later))
    return next(ahead, session) if command.serial is None else session


def is_past(turn: Turn, session: Session) -> bool:
    """Whether the session's day went by and nobody opened it, or said when it is held instead."""
    day = turn.park.local(session.starts_at).date()
    return session.stage in TO_COME and day < turn.park.local(turn.now).date()


def tonight(turn: Turn) -> Session:
    """The session that is being held; one whose time has come opens itself, also when the office
    forgot to close the one before. Raises Refused."""
    held = sessions.find_current_session(turn.db)
    if held is not None and turn.now < held.starts_at + EVENING:
        return held
    following = next(iter(sessions.to_come(turn.db)), None)
    if following is not None and turn.now >= following.starts_at - EARLY:
        return open_session(turn, following)
    # Another process may have opened it between the two looks: it is no more to come then.
    held = sessions.find_current_session(turn.db)
    if held is None:
        raise _refuse_without_session(turn)
    return held


def _refuse_without_session(turn: Turn) -> Refused:
    """That there is none tonight, or that it has been closed, and how its minutes are mended."""
    last = sessions.last_held(turn.db)
    rules = turn.park.sessions
    if last is None or last.closed_at is None or turn.now > last.closed_at + rules.correct_within:
        return Refused("session.not_held")
    told = {"number": last.number, "closed_at": last.closed_at}
    if turn.role in rules.correctors:
        return Refused("session.closed_already", **told)
    over = turn.now < last.starts_at + EVENING
    return Refused("session.over", **told) if over else Refused("session.not_held")


def find_held_session(turn: Turn, command: Command) -> Session:
    """The session with the number, which was begun and not closed, else tonight's. Raises
    Refused."""
    if command.serial is None:
        return tonight(turn)
    found = sessions.by_number(turn.db, command.serial)
    if found is None or found.stage is not Stage.HELD:
        raise Refused("session.none_held", number=command.serial)
    return found


def find_correctable_session(turn: Turn, number: int | None) -> Session:
    """The session with this number, else tonight's, else the one that was closed last: while its
    minutes may be corrected by this person. Raises Refused."""
    if number is not None:
        found = sessions.by_number(turn.db, number)
    else:
        found = sessions.find_current_session(turn.db) or sessions.last_held(turn.db)
    if found is None:
        if number is not None:
            raise Refused("session.unknown", number=number)
        raise Refused("session.not_held")
    return corrections.check_correctable(turn, found)


def open_session(turn: Turn, session: Session) -> Session:
    """The session, begun with the agenda as it stands now; as it is where another process has
    just begun it."""
    session = sessions.get(turn.db, session.id)
    if session.stage is Stage.HELD:
        return session
    sessions.record(turn.db, session.id, "open_session", turn.own_origin)
    asked = session.starts_at + EVENING
    begun = replace(session, stage=Stage.HELD, opened_at=turn.now, next_due_at=asked)
    agenda_actions.compose_agenda(turn, begun)
    return sessions.save(turn.db, begun)


def find_session(turn: Turn, command: Command) -> Session:
    """A session to look at: by its number, else tonight's, else the next. Raises Refused."""
    if command.serial is not None:
        found = sessions.by_number(turn.db, command.serial)
        if found is None:
            raise Refused("session.unknown", number=command.serial)
        return found
    return sessions.find_current_session(turn.db) or to_come(turn, command)


def the_item(turn: Turn, session: Session, command: Command) -> Item:
    """The item that was chosen, wherever it has moved since, or that has the number on the agenda.
    Raises Refused."""
    items = agenda.of_session(turn.db, session.id)
    for item in on_agenda(items):
        if item.id == command.target_id:
            return item
    if command.number is None:
        raise Refused("agenda.which_item", word=turn.texts.command(command.verb))
    place = command.number.serial
    try:
        if command.target_id is not None:
            raise LookupError(place)  # it is there no more
        return at_place(items, place)
    except LookupError:
        raise Refused(
            "agenda.no_item", word=turn.texts.command(command.verb), place=place
        ) from None


def the_promise(turn: Turn, command: Command) -> tuple[Promise, str]:
    """The promise that was chosen, or meant by its number or by tonight's item, and the words after
    it."""
    if command.target_id is not None:
        return promises.get(turn.db, command.target_id), command.words
    if command.number:
        item = the_item(turn, tonight(turn), command)
        if item.promise_id is None:
            raise Refused("promise.no_promise", place=item.place)
        return promises.get(turn.db, item.promise_id), command.words
    first, _, rest = command.words.partition(" ")
    if not first:
        raise _which(turn, command)
    meant = read_order(first)
    found = promises.by_number(turn.db, *meant) if meant else None
    if found is None:
        raise Refused("promise.none_such", text=first or None)
    return found, rest.strip()


def _which(turn: Turn, command: Command) -> Exception:
    """The promises that this person may settle, to choose from."""
    mine = [promise for promise in promises.open_ones(turn.db) if settles(turn, promise)][:PROMISES]
    if not mine:
        return Refused("promise.which_none")
    word = turn.texts.command(command.verb)
    options = [
        Option("options.named", action, {"name": f"{action.number} {promise.who}：{promise.what}"})
        for promise in mine
        for action in (build_promise_action(turn, command.verb, promise),)
    ]
    return Unclear(Reply((turn.me("promise.which", {"word": word}, options),)))


def settles(turn: Turn, promise: Promise) -> bool:
    """Whether this person may say what became of a promise: the office, leaders, whoever made
    it."""
    person = turn.person
    if person is None or turn.role in (Role.OFFICE, Role.LEADER):
        return person is not None
    department = person.department_id
    return person.id == promise.person_id or (department or 0) == promise.department_id


def the_firm(turn: Turn, command: Command) -> tuple[Enterprise, str]:
    """The enterprise that the first word names, and the words after it. Raises Refused when
    nobody is called so, Unclear when several may be meant."""
    name, _, rest = command.words.partition(" ")
    if not name:
        raise Refused("session.which_firm", word=turn.texts.command(command.verb))
    known = people.contact_named(turn.db, name)
    firm = people.enterprise(turn.db, known.enterprise_id) if known else None
    if firm is not None:
        return firm, rest.strip()
    match = turn.naming.index(turn.db).find(name)
    if match.verdict is Verdict.NONE or match.best is None:
        raise Refused("session.no_firm", name=name)
    if match.verdict is not Verdict.SURE:
        options = [
            Option(
                "options.named",
                build_action_for(command, f"{candidate.name} {rest}".strip()),
                {"name": candidate.name},
            )
            for candidate in match.candidates[:OFFERED]
        ]
        raise Unclear(Reply((turn.me("session.firm_unsure", {"name": name}, options),)))
    firm = people.enterprise(turn.db, match.best.id)
    assert firm is not None, "the index was built from what is there"
    return firm, rest.strip()


def build_action_for(command: Command, words: str) -> Action:
    """The same command with other words."""
    number = str(command.serial) if command.serial is not None else ""
    return Action(
        command.verb, target_id=command.serial, words=words, act=command.act, number=number
    )


def build_item_action(verb: str, item: Item, words: str = "") -> Action:
    """What a verb about an item of the agenda means; the item may move meanwhile."""
    return Action(verb, target_id=item.id, words=words, number=str(item.place))


def note(
    turn: Turn,
    session: Session,
    act: str,
    *,
    item: Item | None = None,
    promise: Promise | None = None,
    text: str = "",
    changes: tuple[Change, ...] = (),
) -> None:
    """Write down what this person did at the session."""
    sessions.record(
        turn.db,
        session.id,
        act,
        turn.own_origin,
        item_id=item.id if item else None,
        promise_id=promise.id if promise else None,
        text=text,
        changes=changes,
    )
