"""`记 3号 供电公司 下周五前 完成增容`: promises, written down as they are said, and confirmed."""

from dataclasses import replace
from datetime import timedelta

from rapidfuzz.distance import Indel

from bot.actions.sessions import promises as promise_actions
from bot.actions.sessions.promisers import find_responsible, is_promiser, list_alike
from bot.actions.sessions.promises import promise_facts
from bot.actions.sessions.views import build_promise_action, format_promise_number
from bot.core.messages import Action, Line, Option, Refused
from bot.core.reading import fold
from bot.core.sessions.agenda import COMES_BACK, Item, Outcome
from bot.core.sessions.corrections import Change, word_item, word_promise
from bot.core.sessions.promises import (
    Draft,
    Kept,
    Promise,
    Unreadable,
    get_due_time,
    next_bell,
    read_promise,
)
from bot.core.sessions.session import Session, Stage
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import corrections, hearers
from handlers.sessions.lookup import (
    build_item_action,
    find_correctable_session,
    note,
    the_item,
    the_promise,
    tonight,
)
from storage.people import people
from storage.sessions import agenda, promises, sessions

AT_ONCE = timedelta(minutes=2)
"""Two people who write the same item down within this time may mean the same promise."""
NEAR = 0.7
"""How like the words of two promises of one maker are (1: equal), to be one promise said twice."""
TELLING = 4
"""Characters from which words that stand in other words say the same."""
LATE = "late"
"""Of an action: it is about a session that is closed."""


def record(turn: Turn, command: Command) -> Reply:
    """Asks about whatever is not clear; nothing is written down by guess."""
    session = tonight(turn)
    return record_on(turn, session, the_item(turn, session, command), command)


def record_on(turn: Turn, session: Session, item: Item, command: Command) -> Reply:
    """The same on an item of a session that is held, or closed and to be corrected."""
    try:
        draft = _read(turn, session, command.words)
        get_due_time(draft, turn.park, turn.now)
    except Unreadable as error:
        return _ask(turn, session, item, error)
    if not is_promiser(turn, draft.who):
        return _who(turn, session, item, command, draft)
    other = _find_same(turn, item, draft)
    if other is not None:
        return _twice(turn, session, item, command, other)
    hearers.ask_about_item(turn, command, item)
    return _record_promise(turn, session, item, draft)


def record_anyway(turn: Turn, command: Command) -> Reply:
    """`照记 3号 …`: as it is written, whoever that may be."""
    item = agenda.get(turn.db, command.target_id or 0) if command.act == LATE else None
    session = find_correctable_session(turn, None) if item else tonight(turn)
    if item is not None and item.session_id != session.id:
        session = corrections.check_correctable(turn, sessions.get(turn.db, item.session_id))
    item = item or the_item(turn, session, command)
    try:
        draft = _read(turn, session, command.words)
    except Unreadable as error:
        return _ask(turn, session, item, error)
    hearers.ask_about_item(turn, command, item)
    return _record_promise(turn, session, item, draft)


def same_promise(turn: Turn, command: Command) -> Reply:
    """Of two alike: it is the one that was written down, which gets the day that was said now."""
    promise = promises.get(turn.db, command.target_id or 0)
    return Reply((turn.me("promise.is_same", promise_facts(turn, promise)),))


def _read(turn: Turn, session: Session, words: str) -> Draft:
    """Tonight's days count from the session, later ones from the day on which it is written."""
    day = turn.now if session.stage is Stage.CLOSED else session.starts_at
    return read_promise(words, turn.park.local(day).date(), turn.park.hours.calendar)


def strike(turn: Turn, command: Command) -> Reply:
    """`撤记 95-03`: it was never said, as long as the enterprise has not heard of it."""
    promise, _ = the_promise(turn, command)
    return strike_last(turn, promise.id)


def strike_last(turn: Turn, promise_id: int) -> Reply:
    """The same for `撤销` after a promise was written down."""
    promise = promises.get(turn.db, promise_id)
    session = sessions.get(turn.db, promise.session_id)
    closed = session.stage is Stage.CLOSED
    if closed or promise.told_at is not None:
        corrections.check_correctable(turn, session)
    if promise.kept is not Kept.OPEN:
        raise Refused("promise.strike_late", number=format_promise_number(turn, promise))
    change = Change(promise.item_id, promise.id, word_promise(promise), None)
    promises.save(turn.db, replace(promise, kept=Kept.STRUCK, next_due_at=None))
    item = agenda.get(turn.db, promise.item_id)
    after = item
    if item.outcome is Outcome.PROMISED and not promises.of_item(turn.db, item.id):
        after = replace(item, outcome=Outcome.LATER if closed else Outcome.OPEN)
        agenda.save(turn.db, after)
    _note_promise(turn, Command("strike"), promise)
    if closed:
        return corrections.publish(turn, session, _with_item((change,), item, after))
    news = corrections.tell_of_rewording(turn, change) if promise.told_at else []
    return Reply((turn.me("promise.struck", promise_facts(turn, promise)), *news))


def _with_item(changes: tuple[Change, ...], before: Item, after: Item) -> tuple[Change, ...]:
    """What has become of the item as well, where it has changed."""
    moved = Change(before.id, None, word_item(before), word_item(after))
    return (*changes, moved) if moved.before != moved.after else changes


def _record_promise(turn: Turn, session: Session, item: Item, draft: Draft) -> Reply:
    try:
        due = get_due_time(draft, turn.park, turn.now)
    except Unreadable as error:
        return _ask(turn, session, item, error)
    person, department = find_responsible(turn, draft.who)
    closed = session.stage is Stage.CLOSED
    promise = Promise(
        id=0,
        session_id=session.id,
        serial=promises.next_serial(turn.db, session.id),
        item_id=item.id,
        matter=item.matter,
        who=draft.who,
        what=draft.what,
        due=due,
        first_due=due,
        made_at=turn.now,
        issues=item.issues,
        firms=item.firms,
        person_id=person or item.owner_id,
        department_id=department,
        by_id=turn.person_id,
        told_at=turn.now if closed else None,
    )
    kept = promises.add(turn.db, replace(promise, next_due_at=next_bell(promise, turn.park)))
    # What was concluded stands beside a promise that is only remembered later.
    settled = closed and item.outcome not in COMES_BACK
    after = item if settled else replace(item, outcome=Outcome.PROMISED)
    agenda.save(turn.db, after)
    note(turn, session, "record", item=item, promise=kept, text=turn.text)
    if closed:
        note(turn, session, "told", promise=kept)
        says = promise_actions.answer_issues(turn, kept)
        added = (Change(item.id, kept.id, None, word_promise(kept)),)
        reply = corrections.publish(turn, session, _with_item(added, item, after))
        return replace(reply, says=(*reply.says, *says))
    undo = Option("options.strike", build_promise_action(turn, "strike", kept))
    told = {**promise_facts(turn, kept), "place": item.place, "title": item.title}
    return Reply((turn.me("promise.recorded", told, [undo]),))


def _action(turn: Turn, verb: str, session: Session, item: Item, words: str = "") -> Action:
    """What records on this item: tonight, or for a session that is closed."""
    late = session.stage is Stage.CLOSED
    verb = "add_late" if late and verb == "record" else verb
    return replace(build_item_action(verb, item, words), act=LATE if late else "")


def _ask(turn: Turn, session: Session, item: Item, error: Unreadable) -> Reply:
    place = Line("promise.item", {"place": item.place})
    told = {"place": place, "text": error.part or None, "how": Line("promise.how_record")}
    expect = _action(turn, "record", session, item)
    return Reply((turn.me(f"promise.flaw_{error.flaw}", told, expect=expect),))


def _who(turn: Turn, session: Session, item: Item, command: Command, draft: Draft) -> Reply:
    """Nobody is called so: those who might be meant, or as it is written."""
    rest = command.words.replace(draft.who, "", 1).strip()
    options = [
        Option(
            "options.named",
            _action(turn, "record", session, item, f"{name} {rest}"),
            {"name": name},
        )
        for name in list_alike(turn, draft.who)
    ]
    as_written = _action(turn, "record_anyway", session, item, command.words)
    options.append(Option("options.record_anyway", as_written, {"name": draft.who}))
    return Reply((turn.me("promise.who", {"name": draft.who, "place": item.place}, options),))


def _twice(turn: Turn, session: Session, item: Item, command: Command, other: Promise) -> Reply:
    """The same once more, or another one?"""
    by = people.by_id(turn.db, other.by_id)
    told = {**promise_facts(turn, other), "by": by.name if by else None, "place": item.place}
    anyway = _action(turn, "record_anyway", session, item, command.words)
    same = Option("options.same_promise", build_promise_action(turn, "same_promise", other))
    key = "promise.twice" if _is_fresh(turn, other) else "promise.again"
    second = Option("options.record_second", anyway)
    return Reply((turn.me(key, told, [same, second]),))


def _find_same(turn: Turn, item: Item, draft: Draft) -> Promise | None:
    """A promise that this may be once more: the same who and the same or near words and
    day on this item, or what another person has written down on it a moment ago."""
    found = promises.of_item(turn.db, item.id)
    if item.promise_id is not None:
        found.append(promises.get(turn.db, item.promise_id))
    alike = [promise for promise in found if _is_same(turn, promise, draft)]
    just = [promise for promise in found if _is_fresh(turn, promise)]
    return next(reversed(alike or just), None)


def _is_fresh(turn: Turn, promise: Promise) -> bool:
    """Whether somebody else has written it down a moment ago."""
    return promise.by_id != turn.person_id and promise.made_at > turn.now - AT_ONCE


def _is_same(turn: Turn, promise: Promise, draft: Draft) -> bool:
    """The same name or department, the same day, and words that are nearly the same."""
    same = fold(promise.who) == fold(draft.who)
    departments = find_responsible(turn, draft.who)[1], promise.department_id
    same = same or (departments[0] is not None and departments[0] == departments[1])
    day = turn.park.local(promise.due).date()
    if not same or day != draft.day or promise.kept is not Kept.OPEN:
        return False
    here, there = fold(draft.what).replace(" ", ""), fold(promise.what).replace(" ", "")
    near = Indel.normalized_similarity(here, there)
    return near >= NEAR or (
        min(len(here), len(there)) >= TELLING and (here in there or there in here)
    )


def _note_promise(turn: Turn, command: Command, promise: Promise, words: str = "") -> None:
    note(turn, sessions.get(turn.db, promise.session_id), command.verb, promise=promise, text=words)
