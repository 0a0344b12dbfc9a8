"""Remembers which open issues may be on the same matter, and which are dealt with as one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from bot.core.issues.issue import WORKED_ON, Issue, Status
from bot.core.issues.lifecycle import Move
from storage.columns import Moment
from storage.issues.access import UNSEALED
from storage.prepared import Prepared
from storage.tables.issues import events, issues

OPENING = 400
"""Characters of what was written that are read: people say at once what it is about."""


class OpenMatter(NamedTuple):
    """How an issue was put that is worked on for somebody else.

    A tuple, and no more than is compared: a filing reads several hundred of them.
    """

    id: int
    text: str
    category: str | None
    place: str | None = None


@dataclass(frozen=True)
class Titled:
    """How an issue is named, where it stands and whose it is."""

    id: int
    number: str
    title: str
    status: Status
    solve_due: datetime
    enterprise_id: int | None
    thread_id: int
    merged_into: int | None


class Whose(NamedTuple):
    """Whose an issue is, and what it is dealt with as."""

    id: int
    enterprise_id: int | None
    thread_id: int
    merged_into: int | None


# As the index has it, and without values: SQLite uses it only where it sees the same words.
_OWED = and_(issues.c.resolved_at.is_(None), issues.c.closed_at.is_(None))
_OTHERS = and_(
    _OWED,
    UNSEALED,
    issues.c.filed_at > bindparam("since", type_=Moment),
    issues.c.thread_id != bindparam("thread"),
    or_(issues.c.enterprise_id.is_(None), issues.c.enterprise_id != bindparam("firm")),
)
_FILED: ColumnClause[str] = literal_column(f"'{Move.FILE}'")


def _newest(where: Any) -> Prepared:
    chosen: Select[Any] = select(issues.c.id).where(_OTHERS, where)
    nearest = chosen.order_by(issues.c.filed_at.desc()).limit(bindparam("most")).subquery()
    said = func.substr(events.c.text, 1, OPENING).label("text")
    first = and_(events.c.issue_id == nearest.c.id, events.c.move == _FILED)
    return Prepared(select(nearest.c.id, said).join_from(nearest, events, first))


_SAME = _newest(issues.c.category == bindparam("category"))
_ELSE = _newest(issues.c.category != bindparam("category"))
_PLACES = tuple(f"id{n}" for n in range(30))
_NONE = (0,) * len(_PLACES)
_GIVEN = issues.c.id.in_([bindparam(name, type_=issues.c.id.type) for name in _PLACES])
_TITLES = Prepared(select(*(issues.c[field.name] for field in fields(Titled))).where(_GIVEN))
_WHOSE = Prepared(select(*(issues.c[name] for name in Whose._fields)).where(_GIVEN))
_MEMBERS = (
    select(issues)
    .where(issues.c.merged_into == bindparam("root"))
    .order_by(issues.c.id)
    .with_for_update()
)


def of_others(db: Connection, issue: Issue, since: datetime, most: int) -> list[OpenMatter]:
    """Issues of other enterprises that are worked on and were filed after `since`: at most `most`,
    those of the same category first, the newest of each."""
    given = {"since": since, "thread": issue.thread_id, "firm": issue.enterprise_id or 0}
    given["category"] = issue.category
    same = issue.category or None
    found = [OpenMatter(id_, text, same) for id_, text in _SAME.plain(db, **given, most=most)]
    if len(found) < most:
        others = _ELSE.plain(db, **given, most=most - len(found))
        found += [OpenMatter(id_, text, None) for id_, text in others]
    return found


def titles(db: Connection, ids: Sequence[int]) -> list[Titled]:
    """How these issues stand, in their order; not locked."""
    found = {row["id"]: Titled(**row) for given in _places(ids) for row in _TITLES(db, **given)}
    return [found[issue_id] for issue_id in ids]


def whose(db: Connection, ids: Sequence[int]) -> list[Whose]:
    """Whose these issues are, in their order: for more of them than will be named; not locked."""
    rows = (Whose(*row) for given in _places(ids) for row in _WHOSE.plain(db, **given))
    found = {matter.id: matter for matter in rows}
    return [found[issue_id] for issue_id in ids]


def _places(ids: Sequence[int]) -> Iterator[dict[str, int]]:
    for at in range(0, len(ids), len(_PLACES)):
        some = [*ids[at : at + len(_PLACES)], *_NONE][: len(_PLACES)]
        yield dict(zip(_PLACES, some, strict=True))


def is_merged_into_held(person_id: int) -> ColumnElement[bool]:
    """What was merged into an issue that this person holds."""
    held = select(issues.c.id).where(issues.c.owner_id == person_id)
    return and_(UNSEALED, issues.c.merged_into.in_(held))


def ever_merged_into(db: Connection, root_id: int) -> list[Issue]:
    """The issues that were merged into this one and not split off, oldest first; locked."""
    return [Issue(**row._mapping) for row in db.execute(_MEMBERS, {"root": root_id})]


def list_open_merged(db: Connection, root_id: int) -> list[Issue]:
    """Those of them that are still worked on."""
    return [issue for issue in ever_merged_into(db, root_id) if issue.status in WORKED_ON]
