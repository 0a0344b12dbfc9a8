"""What each person is shown of a session and its agenda: nobody sees another firm's own matters."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.actions.context import Context
from bot.actions.sessions.agenda import list_withdrawn
from bot.core.issues.issue import WORKED_ON, Issue
from bot.core.messages import Action, Line, Option
from bot.core.people import Person, Role
from bot.core.sessions.agenda import Ground, Item, Outcome, hours_of, of_firm, on_agenda
from bot.core.sessions.promises import Kept, Promise, number_of
from bot.core.sessions.session import Coming, Seat, Session, Way
from storage.issues import access, issues
from storage.people import people
from storage.sessions import agenda, promises, sessions

SHOWN = 3
"""Matters and broken promises of one enterprise on the leader's one screen."""
SEES_ALL = frozenset({Role.OFFICE, Role.LEADER})


def session_facts(context: Context, session: Session, what: str = "add") -> dict[str, object]:
    """What any card may print of a session; the link opens it in a phone's calendar, to `add`,
    `update` or `remove` it."""
    link = context.park.sessions.link
    return {
        "number": session.number,
        "kind": Line("session.kind", {"kind": session.kind}) if session.kind else None,
        "starts_at": session.starts_at,
        "place": session.place or None,
        "theme": session.theme or None,
        "link": Line(f"session.link_{what}", {"url": f"{link}/calendar/{session.uid}.ics"})
        if link
        else None,
    }


def whole(context: Context, items: Sequence[Item], session: Session) -> tuple[Line, ...]:
    """Every item with its firm, its owner, the department and the minutes, and why it is there."""
    gone = list_withdrawn(context, items)
    return tuple(
        _line(context, item, at, withdrawn=item.id in gone)
        for item, at in hours_of(items, session.starts_at)
    )


def of_person(
    context: Context, items: Sequence[Item], session: Session, person: Person
) -> tuple[Line, ...]:
    """The items that somebody of the staff holds or must answer for."""
    mine = [
        (item, at)
        for item, at in hours_of(items, session.starts_at)
        if person.id == item.owner_id
        or (person.department_id is not None and person.department_id == item.department_id)
    ]
    return tuple(_line(context, item, at) for item, at in mine)


def of_enterprise(items: Sequence[Item], session: Session, firm: int) -> tuple[Line, ...]:
    """An enterprise's own items and everybody's, without a word of the others'."""
    times = {item.matter: at for item, at in hours_of(items, session.starts_at)}
    mine = of_firm(on_agenda(items), firm)
    return tuple(
        Line("agenda.own", {"place": item.place, "at": times[item.matter], "title": item.title})
        for item in mine
    )


def firms_of(items: Iterable[Item]) -> set[int]:
    """The enterprises whose matters come up."""
    return {firm for item in on_agenda(items) for firm in item.firms}


def why(context: Context, item: Item) -> Line:
    """Why an item is on the agenda."""
    told: dict[str, object] = {"times": item.times, "firms": len(item.firms)}
    if item.ground is Ground.PROMISE and item.promise_id is not None:
        promise = promises.get(context.db, item.promise_id)
        late = promise.due <= context.now and promise.kept is Kept.OPEN
        told = {
            "number": format_promise_number(context, promise),
            "due": promise.due,
            "note": _note(promise),
        }
        return Line("agenda.why_late" if late else "agenda.why_promise", told)
    if item.ground is Ground.SIGNED and not item.issues:
        return Line("agenda.why_named")
    if item.ground is Ground.RETURNING and item.times == 1:
        return Line("agenda.why_waited")
    return Line(f"agenda.why_{item.ground}", {**told, "leader": item.why})


def _note(promise: Promise) -> Line | None:
    """What was said when it was read back before."""
    if not promise.reason or promise.kept is not Kept.OPEN:
        return None
    key = "agenda.note_broken" if promise.broken else "agenda.note_redated"
    return Line(key, {"reason": promise.reason})


def format_promise_number(context: Context, promise: Promise) -> str:
    """A promise's number, such as 95-03."""
    return number_of(promises.numbers(context.db, [promise])[promise.session_id], promise.serial)


def build_promise_action(context: Context, verb: str, promise: Promise, words: str = "") -> Action:
    """What a verb about a promise means."""
    number = format_promise_number(context, promise)
    return Action(verb, target_id=promise.id, words=words, number=number)


def firm_names(context: Context, ids: Iterable[int]) -> str:
    """The enterprises' names, one after the other."""
    found = (people.enterprise(context.db, enterprise_id) for enterprise_id in ids)
    return context.texts.words["agenda.between"].join(
        enterprise.name for enterprise in found if enterprise
    )


def attendance(context: Context, seats: Iterable[Seat]) -> tuple[Line, ...]:
    """Who comes, waits, wrote or has come, one line each."""
    return tuple(_seat(context, seat) for seat in seats)


def sheet(context: Context, session: Session, items: Sequence[Item]) -> tuple[Line, ...]:
    """The leader's preparation: for each enterprise that comes, its open matters and the promises
    to it that are overdue; then which departments come."""
    firms = firms_of(items) | {
        seat.enterprise_id
        for seat in sessions.seats_of(context.db, session.id)
        if seat.enterprise_id and seat.coming in (Coming.COMING, Coming.INVITED)
    }
    late = [
        promise for promise in promises.open_ones(context.db) if _is_broken(promise, context.now)
    ]
    lines = [_firm(context, firm, late) for firm in sorted(firms)]
    common = [promise for promise in late if not promise.firms]
    if common:
        lines.append(Line("agenda.sheet_common", {"late": _late(context, common)}))
    return (*lines, *_departments(context, session))


def session_options(context: Context, session: Session, *verbs: str) -> tuple[Option, ...]:
    """Lines of a menu that mean a command about a session."""
    return tuple(
        Option(
            f"options.session_{verb}",
            Action(verb, target_id=session.number, number=str(session.number)),
        )
        for verb in verbs
    )


def _line(context: Context, item: Item, at: datetime, *, withdrawn: bool = False) -> Line:
    owner = people.by_id(context.db, item.owner_id)
    outcome = Line("agenda.off_again") if withdrawn else None
    if item.outcome is not Outcome.OPEN:
        outcome = Line("agenda.outcome", {"outcome": item.outcome})
    return Line(
        "agenda.line",
        {
            "place": item.place,
            "at": at,
            "why": why(context, item),
            "enterprise": pad_name(firm_names(context, item.firms)),
            "title": item.title,
            "owner": owner.name if owner else Line("people.duty_desk"),
            "department": pad_name(department_name(context, item.department_id)),
            "minutes": item.minutes,
            "outcome": outcome,
        },
    )


def pad_name(name: str | None) -> Line | None:
    """A name with the gap behind it, nothing where there is none."""
    return Line("agenda.spaced", {"name": name}) if name else None


def department_name(context: Context, department_id: int | None) -> str | None:
    """A department's name, None without one."""
    known = (
        department
        for department in people.all_departments(context.db)
        if department.id == department_id
    )
    found = next(known, None)
    return found.name if found else None


def _seat(context: Context, seat: Seat) -> Line:
    firm = people.enterprise(context.db, seat.enterprise_id)
    name = firm.name if firm else department_name(context, seat.department_id)
    person = people.by_id(context.db, seat.person_id) if name is None else None
    name = person.name if person else name
    state: object = Line("session.present") if seat.present_at else seat.coming
    state = seat.way if seat.way is Way.WRITTEN else state
    topic = Line("session.topic", {"topic": seat.topic}) if seat.topic else None
    return Line("session.seat", {"name": name, "state": state, "topic": topic})


def _firm(context: Context, firm: int, late: Sequence[Promise]) -> Line:
    enterprise = people.enterprise(context.db, firm)
    scope = access.UNSEALED & access.is_visible_to_contact(0, firm)
    mine = [issue for issue in issues.open_among(context.db, scope) if issue.status in WORKED_ON]
    told: dict[str, object] = {
        "enterprise": enterprise.name if enterprise else None,
        "count": len(mine),
        "titles": tuple(
            Line("agenda.sheet_issue", _build_issue_values(issue)) for issue in mine[:SHOWN]
        ),
        "late": _late(context, [promise for promise in late if firm in promise.firms]),
    }
    return Line("agenda.sheet_firm", told)


def _late(context: Context, late: Sequence[Promise]) -> tuple[Line, ...]:
    """Broken promises as the leader reads them, the oldest first."""
    return tuple(
        Line(
            "agenda.sheet_late",
            {
                "number": format_promise_number(context, promise),
                "who": promise.who,
                "what": promise.what,
                "due": promise.due,
            },
        )
        for promise in late[:SHOWN]
    )


def _departments(context: Context, session: Session) -> tuple[Line, ...]:
    """Which departments were asked to come, and what they said."""
    asked = [seat for seat in sessions.seats_of(context.db, session.id) if seat.department_id]
    if not asked:
        return ()
    return (Line("agenda.sheet_departments", {"seats": attendance(context, asked)}),)


def _build_issue_values(issue: Issue) -> dict[str, object]:
    return {"number": issue.number, "title": issue.title}


def _is_broken(promise: Promise, now: datetime) -> bool:
    return promise.kept is Kept.OPEN and (promise.due <= now or promise.broken > 0)


def items_of(context: Context, session: Session) -> list[Item]:
    """The agenda as it is written down."""
    return agenda.of_session(context.db, session.id)
