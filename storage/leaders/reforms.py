"""Remembers reforms, the complaints they grow from and what enterprises said of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, select

from bot.core.issues.issue import Status
from bot.core.issues.lifecycle import Move
from bot.core.leaders.recurring import Complaint
from bot.core.leaders.reforms import LIVE, Asked, Reform, ReformAct, Standing
from bot.core.origin import Origin
from storage.bulk import add_all, save_all
from storage.issues.access import UNSEALED
from storage.tables.issues import events, issues
from storage.tables.reforms import answers, reform_events, reforms

OPENING = 400
"""Characters of a complaint that are read."""
MOST = 5000
"""Complaints that are looked at: more in ninety days than a park of two thousand firms files."""


def complaints(db: Connection, since: datetime, until: datetime) -> list[Complaint]:
    """What known enterprises filed in [since, until) and did not withdraw, the newest MOST, in the
    words they were filed with; issues that were merged count, each enterprise complained."""
    filed = and_(events.c.issue_id == issues.c.id, events.c.move == Move.FILE)
    said = func.substr(events.c.text, 1, OPENING)
    rows = (
        select(
            issues.c.id,
            issues.c.enterprise_id,
            issues.c.category,
            said,
            issues.c.filed_at,
            issues.c.resolved_at,
        )
        .join_from(issues, events, filed)
        .where(issues.c.filed_at >= since, issues.c.filed_at < until)
        .where(issues.c.enterprise_id.is_not(None), issues.c.category != "")
        .where(issues.c.status != Status.WITHDRAWN, UNSEALED)
        .order_by(issues.c.id.desc())
        .limit(MOST)
    )
    return [Complaint(*row) for row in db.execute(rows)][::-1]


def add(db: Connection, reform: Reform) -> Reform:
    """A new reform under the next number; the value with both."""
    most = db.execute(select(func.max(reforms.c.number))).scalar() or 0
    fresh = Reform(**{**vars(reform), "number": most + 1})
    return add_all(db, reforms, [fresh])[0]


def save(db: Connection, reform: Reform) -> Reform:
    """Write it over what was there."""
    save_all(db, reforms, [reform])
    return reform


def by_number(db: Connection, number: int) -> Reform | None:
    """The reform that people call by this number, or None; locked until the transaction ends."""
    rows = select(reforms).where(reforms.c.number == number).with_for_update()
    return next(iter(_all(db, rows)), None)


def everything(db: Connection) -> list[Reform]:
    """Every reform, by number."""
    return _all(db, select(reforms))


def list_by_standing(db: Connection, *wanted: Standing) -> list[Reform]:
    """The reforms that stand so, by number."""
    return _all(db, select(reforms).where(reforms.c.standing.in_(wanted)))


def live(db: Connection) -> list[Reform]:
    """Those beside which the same matter is not proposed again."""
    return list_by_standing(db, *sorted(LIVE))


def due(db: Connection, now: datetime) -> list[Reform]:
    """Reforms at which the clock must look now, locked; another process's are passed over."""
    rows = select(reforms).where(reforms.c.next_due_at <= now)
    return _all(db, rows.with_for_update(skip_locked=True))


def ask(db: Connection, asked: Sequence[Asked]) -> None:
    """Remember who was asked."""
    add_all(db, answers, asked)


def answer(db: Connection, asked: Asked) -> None:
    """Write an answer over what was there."""
    save_all(db, answers, [asked])


def list_asked(db: Connection, reform_id: int) -> list[Asked]:
    """Everyone who was asked about a reform, by id."""
    rows = select(answers).where(answers.c.reform_id == reform_id).order_by(answers.c.id)
    return [Asked(**row._mapping) for row in db.execute(rows)]


def record(db: Connection, reform_id: int, act: ReformAct, origin: Origin, text: str = "") -> None:
    """Add one event to the history."""
    row = {"reform_id": reform_id, "act": act, "text": text}
    db.execute(insert(reform_events).values(**row, **vars(origin)))


def acts(db: Connection, since: datetime, until: datetime) -> list[tuple[ReformAct, int]]:
    """What was done in [since, until) and to which reform, oldest first."""
    rows = select(reform_events.c.act, reform_events.c.reform_id)
    told = rows.where(reform_events.c.at >= since, reform_events.c.at < until)
    return [(row.act, row.reform_id) for row in db.execute(told.order_by(reform_events.c.id))]


def issues_behind(found: Iterable[Reform]) -> set[int]:
    """The issues that have led to one of these."""
    return {issue for reform in found for issue in reform.issues}


def _all(db: Connection, rows: Select[Any]) -> list[Reform]:
    return [Reform(**row._mapping) for row in db.execute(rows.order_by(reforms.c.number))]
