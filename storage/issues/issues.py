"""Remembers issues and everything that was done to them."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, or_, select, update

from bot.core.issues.issue import OPEN, WORKED_ON, Issue, Rung, Seal, Status
from bot.core.issues.lifecycle import Move
from bot.core.origin import Origin
from bot.core.reading import IssueNumber
from storage.columns import milestones_from
from storage.issues.access import UNSEALED, UNSEALED_OR_WRITTEN
from storage.issues.numbers import has_number
from storage.prepared import Prepared
from storage.statements import insert_into
from storage.tables.delivery import threads
from storage.tables.issues import events, issues
from storage.tables.once import counters

_NAMES = tuple(field.name for field in fields(Issue))
_KINDS = {
    name: getattr(kind, "__name__", str(kind)) for name, kind in Issue.__annotations__.items()
}
_ENUMS = {"Status": Status, "Rung": Rung, "Seal": Seal}
_ADD = Prepared(insert(issues).returning(issues.c.id))
_RECORD = Prepared(insert(events))
_SEEN_BY_CONTACT = or_(
    issues.c.thread_id == bindparam("thread"), issues.c.enterprise_id == bindparam("firm")
)
_IS_OPEN = or_(*(issues.c.status == status for status in sorted(OPEN)))
_FIRST_OWED = (
    ~or_(*(issues.c.status == status for status in sorted(WORKED_ON))),
    issues.c.solve_due,
)
_OPEN_OF_CONTACT = Prepared(
    select(issues)
    .where(_IS_OPEN, UNSEALED, _SEEN_BY_CONTACT)
    .order_by(*_FIRST_OWED, issues.c.id)
    .limit(bindparam("most"))
)
_MY_THREADS = select(threads.c.id).where(threads.c.person_id == bindparam("person"))
_LATEST_OF_CONTACT = Prepared(
    select(issues)
    .where(or_(issues.c.thread_id == bindparam("thread"), issues.c.thread_id.in_(_MY_THREADS)))
    .where(issues.c.status == bindparam("stage"), UNSEALED_OR_WRITTEN)
    .order_by(issues.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Event:
    """One move of one issue, as it was written down."""

    id: int
    issue_id: int
    move: Move
    at: datetime
    person_id: int | None
    thread_id: int | None
    text: str
    because: str
    before: dict[str, Any] | None
    media_id: int | None
    undoes: int | None


def next_serial(db: Connection, day: date) -> int:
    """The next number of a day of the park's calendar, beginning with 1; others wait for it."""
    (row,) = _COUNT(db, day=day, last=1)
    return int(row["last"])


def _build_counter(dialect: str) -> Any:
    count_on = {"last": counters.c.last + 1}
    statement = insert_into(dialect, counters)
    one_more = statement.on_conflict_do_update(index_elements=["day"], set_=count_on)
    return one_more.returning(counters.c.last)


_COUNT = Prepared(build=_build_counter)


def add(db: Connection, issue: Issue) -> int:
    """A new issue; its id (the `id` of the given value is not used)."""
    values = {name: getattr(issue, name) for name in _NAMES if name != "id"}
    (row,) = _ADD(db, **values)
    return int(row["id"])


def record(
    db: Connection,
    issue_id: int,
    move: Move,
    origin: Origin,
    *,
    text: str = "",
    media_id: int | None = None,
    before: dict[str, Any] | None = None,
    undoes: int | None = None,
) -> None:
    """Add one event to the history."""
    _RECORD(
        db,
        issue_id=issue_id,
        move=move,
        **vars(origin),
        text=text,
        media_id=media_id,
        before=before,
        undoes=undoes,
    )


def save(db: Connection, before: Issue, after: Issue) -> dict[str, Any]:
    """Write the fields that differ; returns what they were, in JSON's terms, for an undo."""
    changed = [name for name in _NAMES if getattr(before, name) != getattr(after, name)]
    if changed:
        values = {name: getattr(after, name) for name in changed}
        db.execute(update(issues).where(issues.c.id == after.id).values(**values))
    return {name: _plain(getattr(before, name)) for name in changed}


def restore_fields(before: dict[str, Any]) -> dict[str, Any]:
    """The fields of an event's `before`, as values of the core again."""
    return {name: _value(_KINDS[name], value) for name, value in before.items()}


def adopt(db: Connection, thread_id: int, enterprise_id: int, person_id: int) -> None:
    """What a thread filed before anybody knew whose it was belongs to this enterprise; so does what
    somebody of the staff has taken for this enterprise's already."""
    known = issues.c.enterprise_id == enterprise_id
    unknown = issues.c.enterprise_id.is_(None) | (known & issues.c.reporter_id.is_(None))
    values = {"enterprise_id": enterprise_id, "reporter_id": person_id, "claimed_id": None}
    db.execute(update(issues).where(issues.c.thread_id == thread_id, unknown).values(**values))


def get(db: Connection, issue_id: int) -> Issue:
    """The issue with this id, locked until the transaction ends; NoResultFound without it."""
    return _issue(db.execute(select(issues).where(issues.c.id == issue_id).with_for_update()).one())


def visible(db: Connection, issue_id: int, scope: ColumnElement[bool]) -> Issue | None:
    """The issue with this id if it lies within the scope, locked; else None."""
    row = db.execute(select(issues).where(issues.c.id == issue_id, scope).with_for_update()).first()
    return _issue(row) if row else None


def is_one_of(ids: Collection[int]) -> ColumnElement[bool]:
    """These issues."""
    return issues.c.id.in_(sorted(ids))


def by_number(db: Connection, number: IssueNumber, scope: ColumnElement[bool]) -> Issue | None:
    """The issue a person means by what they typed, among those they may see; locked.

    What was left out (day, prefix) is taken from the newest that fits, open ones first.
    """
    rows = (
        select(issues)
        .where(has_number(number), scope)
        .order_by(issues.c.closed_at.is_not(None), issues.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = db.execute(rows).first()
    return _issue(row) if row else None


def open_among(
    db: Connection, scope: ColumnElement[bool], most: int = 50, start: int = 0
) -> list[Issue]:
    """Open issues of a scope: what is owed first, by deadline; `start` are passed over."""
    rows = (
        select(issues)
        .where(issues.c.status.in_(OPEN), scope)
        .order_by(*_FIRST_OWED, issues.c.id)
        .limit(most)
        .offset(start)
    )
    return [_issue(row) for row in db.execute(rows)]


def open_of_contact(
    db: Connection, thread_id: int, enterprise_id: int | None, most: int
) -> list[Issue]:
    """The same of what somebody who speaks for an enterprise may see, without sealed ones: they are
    never named in a question about another matter."""
    rows = _OPEN_OF_CONTACT(db, thread=thread_id, firm=enterprise_id, most=most)
    return [Issue(**row) for row in rows]


def latest_of_contact(
    db: Connection, thread_id: int, person_id: int | None, status: Status
) -> Issue | None:
    """The newest issue at this stage that was raised in a thread or on another phone of the same
    person, or None."""
    row = _LATEST_OF_CONTACT.first(db, thread=thread_id, person=person_id, stage=status)
    return Issue(**row) if row else None


def due(db: Connection, now: datetime, most: int) -> list[Issue]:
    """Issues whose `next_due_at` has come, locked; another process's are passed over."""
    rows = (
        select(issues)
        .where(issues.c.next_due_at <= now)
        .order_by(issues.c.next_due_at, issues.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [_issue(row) for row in db.execute(rows)]


def next_due_at(db: Connection) -> datetime | None:
    """The earliest moment at which any issue is due; None when none is."""
    moment: datetime | None = _NEXT(db)[0]["at"]
    return moment


_NEXT = Prepared(select(func.min(issues.c.next_due_at).label("at")))


def group_by_owner(db: Connection) -> dict[int, list[Issue]]:
    """Every issue that somebody still owes the enterprise something for, by who holds it; what is
    dealt with as part of another one left out."""
    held: dict[int, list[Issue]] = {}
    theirs = (issues.c.owner_id.is_not(None), issues.c.merged_into.is_(None))
    rows = select(issues).where(issues.c.status.in_(WORKED_ON), *theirs)
    for row in db.execute(rows.order_by(issues.c.id)):
        held.setdefault(row.owner_id, []).append(_issue(row))
    return held


def history(db: Connection, issue_id: int) -> list[Event]:
    """Everything that was done to an issue, oldest first."""
    rows = select(events).where(events.c.issue_id == issue_id).order_by(events.c.id)
    return [Event(**row._mapping) for row in db.execute(rows)]


def last_standing_of(db: Connection, thread_id: int) -> Event | None:
    """The last thing done from a thread, on whatever issue, that was not taken back."""
    undoing = events.alias("undoing")
    same = (undoing.c.issue_id == events.c.issue_id) & (undoing.c.undoes == events.c.id)
    mine = (events.c.thread_id == thread_id) & (events.c.move != Move.UNDO)
    rows = select(events).where(mine, ~select(undoing.c.id).where(same).exists())
    row = db.execute(rows.order_by(events.c.id.desc()).limit(1)).first()
    return Event(**row._mapping) if row else None


def list_touched(db: Connection, because: str) -> list[int]:
    """The ids of the issues to which a message or a tick did something, by id."""
    rows = select(events.c.issue_id).where(events.c.because == because).distinct()
    return list(db.execute(rows.order_by(events.c.issue_id)).scalars())


def last_event(db: Connection, issue_id: int) -> Event:
    """The last thing done to an issue, by whomever; NoResultFound without one."""
    rows = select(events).where(events.c.issue_id == issue_id).order_by(events.c.id.desc())
    return Event(**db.execute(rows.limit(1)).one()._mapping)


def wake(db: Connection, event: Event) -> list[Event]:
    """What the same message or tick did to other issues after this event, in its order."""
    rows = select(events).where(events.c.id > event.id, events.c.because == event.because)
    others = rows.where(events.c.issue_id != event.issue_id).order_by(events.c.id)
    return [Event(**row._mapping) for row in db.execute(others)]


def _issue(row: Row[Any]) -> Issue:
    return Issue(**row._mapping)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [{**asdict(milestone), "day": milestone.day.isoformat()} for milestone in value]
    return value.value if isinstance(value, StrEnum) else value


def _value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind.startswith("tuple"):
        return milestones_from(value)
    if "datetime" in kind:
        return datetime.fromisoformat(value)
    named = kind.removesuffix(" | None").rpartition(".")[2]
    return _ENUMS[named](value) if named in _ENUMS else value
