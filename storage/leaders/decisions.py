"""Remembers what waits for a leader's word, what was put to them and what they said."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.core.issues.issue import WORKED_ON, Issue, Rung
from bot.core.leaders.decisions import Decision
from storage.bulk import add_all, save_all
from storage.issues.access import UNSEALED
from storage.tables.decisions import decisions
from storage.tables.issues import issues
from storage.tables.people import enterprises, people


def add(db: Connection, found: Iterable[Decision]) -> list[Decision]:
    """Put matters to leaders; the values with their ids."""
    return add_all(db, decisions, list(found))


def save(db: Connection, decision: Decision) -> None:
    """Write it over what was there."""
    save_all(db, decisions, [decision])


def of_issue(db: Connection, issue_id: int) -> list[Decision]:
    """What was put to anybody about an issue, oldest first; locked until the transaction ends."""
    rows = select(decisions).where(decisions.c.issue_id == issue_id).order_by(decisions.c.id)
    return [_decision(row) for row in db.execute(rows.with_for_update())]


def of_week(db: Connection, leader_id: int, week: date) -> list[Decision]:
    """What was put to a leader in the week that begins on this Monday, by place."""
    rows = select(decisions).where(decisions.c.leader_id == leader_id, decisions.c.week == week)
    return [_decision(row) for row in db.execute(rows.order_by(decisions.c.place, decisions.c.id))]


def list_decided_issues(db: Connection, since: datetime) -> set[int]:
    """Issues on which any leader has decided since a moment."""
    rows = select(decisions.c.issue_id, decisions.c.also).where(decisions.c.decided_at > since)
    return {issue for row in db.execute(rows) for issue in (row.issue_id, *row.also)}


def list_sent_issues(db: Connection, session_id: int) -> dict[int, str]:
    """The issues that leaders sent to a session (上会), with the leader's name."""
    rows = select(decisions.c.issue_id, people.c.name).join(
        people, people.c.id == decisions.c.leader_id
    )
    sent = rows.where(decisions.c.session_id == session_id)
    return {row.issue_id: row.name for row in db.execute(sent)}


def take_back(db: Connection, because: str) -> set[int]:
    """The words that a message said are unsaid; the sessions that something had been sent to."""
    said = decisions.c.because == because
    found = select(decisions.c.session_id).where(said, decisions.c.session_id.is_not(None))
    touched = set(db.execute(found).scalars())
    unsaid = {"choice": None, "decided_at": None, "text": "", "because": "", "session_id": None}
    db.execute(update(decisions).where(said).values(unsaid))
    return touched


def candidates(db: Connection, others: Collection[int]) -> list[Issue]:
    """Open issues that may need a leader, by id: at the top rung, disputed, held by nobody, with a
    plan proposed, or one of `others`."""
    may = or_(
        issues.c.rung == Rung.LEADER,
        issues.c.disputed_at.is_not(None),
        issues.c.owner_id.is_(None),
        issues.c.plan_until.is_not(None),
        issues.c.id.in_(sorted(others)),
    )
    rows = select(issues).where(
        UNSEALED, issues.c.status.in_(WORKED_ON), issues.c.merged_into.is_(None), may
    )
    return [Issue(**row._mapping) for row in db.execute(rows.order_by(issues.c.id))]


def list_led_enterprises(db: Connection, leader_id: int) -> frozenset[int]:
    """The enterprises that a leader answers for: named in the registry (分管), or with an open
    issue that the leader keeps to the end (包案)."""
    named = select(enterprises.c.id).where(enterprises.c.leader_id == leader_id)
    kept = select(issues.c.enterprise_id).where(
        issues.c.leader_id == leader_id,
        UNSEALED,
        issues.c.enterprise_id.is_not(None),
        issues.c.status.in_(WORKED_ON),
    )
    return frozenset((*db.execute(named).scalars(), *db.execute(kept).scalars()))


def _decision(row: Row[Any]) -> Decision:
    return Decision(**row._mapping)
