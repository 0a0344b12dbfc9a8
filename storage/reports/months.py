"""Counts what became of the issues that were filed in each month, and of its Mondays' promises."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from bot.core.issues.issue import Rung, Status
from bot.core.notifications import REMINDERS
from bot.core.sessions.promises import Kept
from bot.core.sessions.session import TOOK_PLACE
from storage.issues.access import UNSEALED
from storage.tables.delivery import outbox
from storage.tables.issues import issues
from storage.tables.sessions import promises, sessions

SATISFIED = 3
"""From so many stars on an enterprise is satisfied (基本满意): GB/T 39735-2020."""


@dataclass(frozen=True)
class Month:
    """Issues filed in the month that begins on `month`, and what has become of them by now.

    `withdrawn` are taken out of what had to be accepted and resolved; `withdrawn_early` had not
    been accepted. `reminded` counts messages, not issues; `to_…` counts issues by the highest rung
    that they reached. Silence is not satisfaction: who has not rated is in no rate. `sessions` took
    place in this month; of the promises made at them, `promised`, so many are `kept` by now.
    """

    month: date
    filed: int = 0
    withdrawn: int = 0
    withdrawn_early: int = 0
    accepted_in_time: int = 0
    reminded: int = 0
    to_department: int = 0
    to_task_force: int = 0
    to_leader: int = 0
    resolved: int = 0
    resolved_in_time: int = 0
    rated: int = 0
    satisfied: int = 0
    sessions: int = 0
    promised: int = 0
    kept: int = 0

    @property
    def to_accept(self) -> int:
        """How many had to be accepted."""
        return self.filed - self.withdrawn_early

    @property
    def to_resolve(self) -> int:
        """How many had to be resolved."""
        return self.filed - self.withdrawn


def months(db: Connection, zone: tzinfo) -> list[Month]:
    """Every month in which anything was filed, in order, on the calendar of `zone`."""
    rows = db.execute(select(issues).where(UNSEALED).order_by(issues.c.filed_at)).all()
    reminded, held, made, kept = (_count_by_month(found, zone) for found in _moments(db))
    return [
        replace(
            _build_month(month, list(of_month)),
            reminded=reminded[month],
            sessions=held[month],
            promised=made[month],
            kept=kept[month],
        )
        for month, of_month in groupby(rows, lambda row: _month(row.filed_at, zone))
    ]


def whole(parts: Iterable[Month]) -> Month:
    """All months together, under the first of them."""
    listed = list(parts)
    names = [field.name for field in fields(Month) if field.name != "month"]
    return Month(
        listed[0].month, **{name: sum(getattr(month, name) for month in listed) for name in names}
    )


def _build_month(month: date, rows: list[Row[Any]]) -> Month:
    gone = [row for row in rows if row.status is Status.WITHDRAWN]
    done = [row for row in rows if row.resolved_at is not None]
    return Month(
        month=month,
        filed=len(rows),
        withdrawn=len(gone),
        withdrawn_early=sum(row.accepted_at is None for row in gone),
        accepted_in_time=sum(_in_time(row.accepted_at, row.accept_due) for row in rows),
        to_department=sum(row.rung is Rung.DEPARTMENT for row in rows),
        to_task_force=sum(row.rung is Rung.TASK_FORCE for row in rows),
        to_leader=sum(row.rung is Rung.LEADER for row in rows),
        resolved=len(done),
        resolved_in_time=sum(_in_time(row.resolved_at, row.solve_due) for row in done),
        rated=sum(row.stars is not None for row in rows),
        satisfied=sum((row.stars or 0) >= SATISFIED for row in rows),
    )


def _in_time(moment: datetime | None, due: datetime) -> bool:
    return moment is not None and moment <= due


def _moments(db: Connection) -> Iterator[list[datetime]]:
    """When reminders left, when sessions began, when promises were made, and those that were kept
    by now."""
    left = outbox.c.kind.in_(REMINDERS) & outbox.c.sent_at.is_not(None)
    yield _list_moments(db, select(outbox.c.sent_at).where(left))
    took_place = sessions.c.stage.in_(TOOK_PLACE)
    yield _list_moments(db, select(sessions.c.starts_at).where(took_place))
    made = select(promises.c.made_at)
    yield _list_moments(db, made.where(promises.c.kept != Kept.STRUCK))
    yield _list_moments(db, made.where(promises.c.kept == Kept.KEPT))


def _list_moments(db: Connection, moments: Select[Any]) -> list[datetime]:
    return list(db.execute(moments).scalars())


def _count_by_month(moments: Iterable[datetime], zone: tzinfo) -> Counter[date]:
    return Counter(_month(moment, zone) for moment in moments)


def _month(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date().replace(day=1)
