"""`记 3号 供电公司 下周五前 完成增容`: promises, written down as they are said, and confirmed."""

from dataclasses import replace
from datetime import date, timedelta

from bot.actions.sessions import promises as promise_actions
from bot.actions.sessions.promises import promise_facts
from bot.actions.sessions.views import build_promise_action, format_promise_number
from bot.core.messages import Line, Option, Refused, Say, ToDuty
from bot.core.people import Role
from bot.core.sessions.agenda import Item, Outcome
from bot.core.sessions.promises import (
    Draft,
    Kept,
    Promise,
    Unreadable,
    get_due_time,
    next_bell,
    read_order,
    read_promise,
)
from bot.core.sessions.session import Session
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn
from handlers.sessions import hearers
from handlers.sessions.lookup import build_item_action, note, the_item, the_promise, tonight
from storage.people import people
from storage.sessions import agenda, promises, sessions

AT_ONCE = timedelta(minutes=2)
"""Two people who write the same item down within this time may mean the same promise."""
OFFERED = 3
ALIKE = 0.2
"""Of all the characters of two names, how many they share, for one to be offered for the other."""


def record(turn: Turn, command: Command) -> Reply:
    """Asks about whatever is not clear; nothing is written down by guess."""
    session = tonight(turn)
    item = the_item(turn, session, command)
    try:
        draft = read_promise(command.words, _day(turn, session), turn.park.hours.calendar)
    except Unreadable as error:
        return _ask(turn, item, error)
    if not _is_known(turn, draft.who):
        return _who(turn, item, command, draft)
    other = _just_recorded(turn, item)
    if other is not None:
        return _twice(turn, item, command, other)
    hearers.ask_about_item(turn, command, item)
    return _record_promise(turn, session, item, draft)


def record_anyway(turn: Turn, command: Command) -> Reply:
    """`照记 3号 …`: as it is written, whoever that may be."""
    session = tonight(turn)
    item = the_item(turn, session, command)
    try:
        draft = read_promise(command.words, _day(turn, session), turn.park.hours.calendar)
    except Unreadable as error:
        return _ask(turn, item, error)
    hearers.ask_about_item(turn, command, item)
    return _record_promise(turn, session, item, draft)


def strike(turn: Turn, command: Command) -> Reply:
    """`撤记 95-03`: it was never said, as long as the enterprise has not heard of it."""
    promise, _ = the_promise(turn, command)
    return strike_last(turn, promise.id)


def strike_last(turn: Turn, promise_id: int) -> Reply:
    """The same for `撤销` after a promise was written down."""
    promise = promises.get(turn.db, promise_id)
    if promise.told_at is not None or promise.kept is not Kept.OPEN:
        raise Refused("promise.strike_late", number=format_promise_number(turn, promise))
    promises.save(turn.db, replace(promise, kept=Kept.STRUCK, next_due_at=None))
    item = agenda.get(turn.db, promise.item_id)
    if not promises.of_item(turn.db, item.id):
        agenda.save(turn.db, replace(item, outcome=Outcome.OPEN))
    _note_promise(turn, Command("strike"), promise)
    return Reply((turn.me("promise.struck", promise_facts(turn, promise)),))


def accept_promise(turn: Turn, command: Command) -> Reply:
    """`认可 95-03 95-04`: said so, and the day holds."""
    firm, found = _own(turn, command)
    news: list[Say] = []
    # The latest day first: it is the one that becomes the issue's deadline.
    for promise in sorted(found, key=lambda one: one.due, reverse=True):
        news += promise_actions.accept_promise(turn, promise, firm)
        _note_promise(turn, command, promise)
    numbers = " ".join(format_promise_number(turn, promise) for promise in found)
    return Reply((turn.me("promise.accepted", {"numbers": numbers}), *news))


def dispute(turn: Turn, command: Command) -> Reply:
    """`异议 95-03 说的是月底前`: stands beside what was written."""
    _firm, found = _own(turn, command)
    words = command.words if command.target_id else _without_numbers(command.words)
    if not words or len(found) > 1:
        options = [
            Option(
                "options.named",
                build_promise_action(turn, "dispute", promise),
                {"name": f"{format_promise_number(turn, promise)} {promise.what}"},
            )
            for promise in found
        ]
        ask = options if len(found) > 1 else []
        expect = None if ask else build_promise_action(turn, "dispute", found[0])
        asked = {"numbers": " ".join(format_promise_number(turn, promise) for promise in found)}
        return Reply((turn.me("promise.dispute_how", asked, ask, expect=expect),))
    promise = promise_actions.dispute_promise(turn, found[0], words)
    _note_promise(turn, command, promise, words)
    told = promise_facts(turn, promise)
    return Reply(
        (turn.me("promise.dispute_done", told), Say(ToDuty(), "promise.dispute_news", told))
    )


def _record_promise(turn: Turn, session: Session, item: Item, draft: Draft) -> Reply:
    try:
        due = get_due_time(draft, turn.park, turn.now)
    except Unreadable as error:
        return _ask(turn, item, error)
    person, department = _responsible(turn, draft.who)
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
    )
    kept = promises.add(turn.db, replace(promise, next_due_at=next_bell(promise, turn.park)))
    agenda.save(turn.db, replace(item, outcome=Outcome.PROMISED))
    note(turn, session, "record", item=item, promise=kept, text=turn.text)
    undo = Option("options.strike", build_promise_action(turn, "strike", kept))
    told = {**promise_facts(turn, kept), "place": item.place, "title": item.title}
    return Reply((turn.me("promise.recorded", told, [undo]),))


def _ask(turn: Turn, item: Item, error: Unreadable) -> Reply:
    place = Line("promise.item", {"place": item.place})
    told = {"place": place, "text": error.part or None, "how": Line("promise.how_record")}
    expect = build_item_action("record", item)
    return Reply((turn.me(f"promise.flaw_{error.flaw}", told, expect=expect),))


def _who(turn: Turn, item: Item, command: Command, draft: Draft) -> Reply:
    """Nobody is called so: those who might be meant, or as it is written."""
    rest = command.words.replace(draft.who, "", 1).strip()
    alike = {name: _likeness(name, draft.who) for name in _nameable(turn)}
    near = sorted(name for name in alike if alike[name] >= ALIKE)
    near.sort(key=lambda name: -alike[name])
    options = [
        Option("options.named", build_item_action("record", item, f"{name} {rest}"), {"name": name})
        for name in near[:OFFERED]
    ]
    as_written = build_item_action("record_anyway", item, command.words)
    options.append(Option("options.record_anyway", as_written, {"name": draft.who}))
    return Reply((turn.me("promise.who", {"name": draft.who, "place": item.place}, options),))


def _nameable(turn: Turn) -> set[str]:
    """Everybody who can promise something: departments here and outside, enterprises."""
    outside = {
        category.department for category in turn.learning.taxonomy.categories if category.department
    }
    inside = {department.name for department in people.all_departments(turn.db)}
    return outside | inside | {enterprise.name for enterprise in people.all_enterprises(turn.db)}


def _likeness(name: str, said: str) -> float:
    return len(set(name) & set(said)) / len(set(name) | set(said))


def _twice(turn: Turn, item: Item, command: Command, other: Promise) -> Reply:
    by = people.by_id(turn.db, other.by_id)
    told = {**promise_facts(turn, other), "by": by.name if by else None, "place": item.place}
    anyway = build_item_action("record_anyway", item, command.words)
    return Reply((turn.me("promise.twice", told, [Option("options.record_second", anyway)]),))


def _just_recorded(turn: Turn, item: Item) -> Promise | None:
    found = [
        promise
        for promise in promises.of_item(turn.db, item.id)
        if promise.by_id != turn.person_id and promise.made_at > turn.now - AT_ONCE
    ]
    return found[-1] if found else None


def _is_known(turn: Turn, who: str) -> bool:
    """A registered department or colleague, a department of the categories, an enterprise."""
    outside = {category.department for category in turn.learning.taxonomy.categories}
    if who in outside or any(_responsible(turn, who)):
        return True
    firms = people.all_enterprises(turn.db)
    return any(who == enterprise.name or who in enterprise.aliases for enterprise in firms)


def _responsible(turn: Turn, who: str) -> tuple[int | None, int | None]:
    """The person and the department that a name stands for, None where it is neither."""
    found = people.list_staff_named(turn.db, who)
    if len(found) == 1:
        return found[0].id, found[0].department_id
    department = people.department_named(turn.db, who)
    if department is None:
        return None, None
    staff = people.of_department(turn.db, department.id)
    return (staff[0].id if staff else None), department.id


def _day(turn: Turn, session: Session) -> date:
    return turn.park.local(session.starts_at).date()


def _own(turn: Turn, command: Command) -> tuple[int, list[Promise]]:
    """The enterprise's promises that are meant; without numbers, all that it has not answered."""
    firm = turn.person.enterprise_id if turn.person and turn.role is Role.CONTACT else None
    if firm is None:
        raise Refused("session.unbound", phone=turn.park.phone)
    mine = [
        promise
        for promise in promises.open_ones(turn.db)
        if firm in promise.firms and promise.told_at
    ]
    if command.target_id is not None:
        mine = [promise for promise in mine if promise.id == command.target_id]
    meant = [] if command.target_id else map(read_order, command.words.split())
    numbers = promises.numbers(turn.db, mine)
    wanted = {order for order in meant if order}
    found = [
        promise
        for promise in mine
        if not wanted or (numbers[promise.session_id], promise.serial) in wanted
    ]
    if not found:
        raise Refused("promise.none_such", text=command.words or None)
    return firm, sorted(found, key=lambda one: (one.session_id, one.serial))


def _without_numbers(words: str) -> str:
    return " ".join(part for part in words.split() if read_order(part) is None)


def _note_promise(turn: Turn, command: Command, promise: Promise, words: str = "") -> None:
    note(turn, sessions.get(turn.db, promise.session_id), command.verb, promise=promise, text=words)
