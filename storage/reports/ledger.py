"""Reads the ledger in bites: issues in the order they were filed, with the names that belong to
them and their history."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from bot.core.issues.issue import Issue
from bot.core.reports.ledger import Step, Wanted
from bot.core.sessions.agenda import NOT_TONIGHT
from bot.core.sessions.promises import Kept, number_of
from bot.core.sessions.session import TOOK_PLACE
from storage.issues.access import UNSEALED
from storage.tables.delivery import threads
from storage.tables.issues import events, issues
from storage.tables.people import departments, enterprises, people
from storage.tables.sessions import items, promises, sessions

BITE = 500
"""Issues read at once: all that is ever in memory."""


@dataclass(frozen=True)
class Entry:
    """One issue with the names that its row prints; "" where there is none."""

    issue: Issue
    enterprise: str
    contact: str
    phone: str
    channel: str
    liaison: str
    owner: str
    department: str
    leader: str
    merged_into: str


_FIRM, _OTHER = enterprises.alias("firm"), issues.alias("other")
_OWN, _THEIRS = departments.alias("own"), departments.alias("theirs")
_CONTACT, _LIAISON = people.alias("contact"), people.alias("liaison")
_OWNER, _LEADER = people.alias("owner"), people.alias("leader")
_NAMES: dict[str, ColumnElement[Any]] = {
    "enterprise": _FIRM.c.name,
    "contact": _CONTACT.c.name,
    "phone": _CONTACT.c.phone,
    "channel": threads.c.channel,
    "liaison": _LIAISON.c.name,
    "owner": _OWNER.c.name,
    "department": func.coalesce(_OWN.c.name, _THEIRS.c.name),
    "leader": _LEADER.c.name,
    "merged_into": _OTHER.c.number,
}
_ISSUE = tuple(field.name for field in fields(Issue))
_JOINED = (
    issues.join(threads, threads.c.id == issues.c.thread_id)
    .outerjoin(_FIRM, _FIRM.c.id == func.coalesce(issues.c.enterprise_id, issues.c.claimed_id))
    .outerjoin(_CONTACT, _CONTACT.c.id == issues.c.reporter_id)
    .outerjoin(_LIAISON, _LIAISON.c.id == _FIRM.c.liaison_id)
    .outerjoin(_OWNER, _OWNER.c.id == issues.c.owner_id)
    # Who holds it may belong to no department; then it is the enterprise's own (一个单位).
    .outerjoin(_OWN, _OWN.c.id == _OWNER.c.department_id)
    .outerjoin(_THEIRS, _THEIRS.c.id == _FIRM.c.department_id)
    .outerjoin(_LEADER, _LEADER.c.id == func.coalesce(issues.c.leader_id, _FIRM.c.leader_id))
    .outerjoin(_OTHER, _OTHER.c.id == issues.c.merged_into)
)
_ROW = select(
    *(issues.c[name] for name in _ISSUE),
    *(column.label(f"_{name}") for name, column in _NAMES.items()),
).select_from(_JOINED)


def count(db: Connection, wanted: Wanted) -> int:
    """How many rows the ledger has."""
    rows = select(func.count()).select_from(issues).where(*_build_conditions(wanted))
    return int(db.execute(rows).scalar_one())


def entries(db: Connection, wanted: Wanted) -> Iterator[list[tuple[Entry, list[Step]]]]:
    """The ledger in bites: each issue with its events in order."""
    last = 0
    while True:
        rows = (
            _ROW.where(issues.c.id > last, *_build_conditions(wanted))
            .order_by(issues.c.id)
            .limit(BITE)
        )
        found = [_entry(row) for row in db.execute(rows)]
        if not found:
            return
        last = found[-1].issue.id
        steps = _steps(db, [entry.issue.id for entry in found])
        yield [(entry, steps[entry.issue.id]) for entry in found]


def categories(db: Connection) -> list[str]:
    """Every category that any issue carries, also one that the park no longer has."""
    rows = select(issues.c.category).where(UNSEALED).distinct().order_by(issues.c.category)
    return list(db.execute(rows).scalars())


def session_numbers(db: Connection) -> dict[int, list[int]]:
    """At which sessions each issue came up, by the issue's id; first things first."""
    rows = (
        select(items.c.issues, sessions.c.number)
        .join(sessions, sessions.c.id == items.c.session_id)
        .where(sessions.c.stage.in_(TOOK_PLACE), items.c.outcome.not_in(NOT_TONIGHT))
        .order_by(sessions.c.starts_at, sessions.c.number)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for ids, number in db.execute(rows):
        for issue in ids:
            if number not in found[issue][-1:]:
                found[issue].append(number)
    return found


def promise_numbers(db: Connection) -> dict[int, list[str]]:
    """Which promises, such as 95-03, were made for each issue, by the issue's id."""
    rows = (
        select(promises.c.issues, sessions.c.number, promises.c.serial)
        .join(sessions, sessions.c.id == promises.c.session_id)
        .where(promises.c.kept != Kept.STRUCK)
        .order_by(promises.c.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for ids, session, serial in db.execute(rows):
        for issue in ids:
            found[issue].append(number_of(session, serial))
    return found


def _build_conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield UNSEALED
    if wanted.since is not None:
        yield issues.c.filed_at >= wanted.since
    if wanted.until is not None:
        yield issues.c.filed_at < wanted.until
    for column, chosen in (
        (issues.c.category, wanted.categories),
        (issues.c.enterprise_id, wanted.enterprises),
        (issues.c.status, wanted.statuses),
    ):
        if chosen:
            yield column.in_(sorted(chosen))


def _entry(row: Row[Any]) -> Entry:
    values = row._mapping
    issue = Issue(**{name: values[name] for name in _ISSUE})
    return Entry(issue, **{name: values[f"_{name}"] or "" for name in _NAMES})


_STEP = [events.c[field.name] for field in fields(Step)]


def _steps(db: Connection, ids: Sequence[int]) -> dict[int, list[Step]]:
    rows = select(events.c.issue_id, *_STEP).where(events.c.issue_id.in_(ids))
    found: dict[int, list[Step]] = defaultdict(list)
    for issue, *values in db.execute(rows.order_by(events.c.id)):
        found[issue].append(Step(*values))
    return found
