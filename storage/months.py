"""Counts what became of the issues that were filed in each month."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.core.issues import Rung, Status
from storage.tables import issues, outbox

SATISFIED = 3
"""From so many stars on an enterprise is satisfied (基本满意): GB/T 39735-2020."""


@dataclass(frozen=True)
class Month:
    """Issues filed in the month that begins on `month`, and what has become of them by now.

    `withdrawn` are taken out of what had to be accepted and resolved; `withdrawn_early` had not
    been accepted. `reminded` counts messages, not issues; `to_…` counts issues by the highest rung
    that they reached. Silence is not satisfaction: who has not rated is in no rate.
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
    rows = db.execute(select(issues).order_by(issues.c.filed_at)).all()
    reminded = _reminded(db, zone)
    return [
        _counted(month, list(of_month), reminded.get(month, 0))
        for month, of_month in groupby(rows, lambda row: _month(row.filed_at, zone))
    ]


def whole(parts: Iterable[Month]) -> Month:
    """All months together, under the first of them."""
    listed = list(parts)
    names = [field.name for field in fields(Month) if field.name != "month"]
    return Month(
        listed[0].month, **{name: sum(getattr(one, name) for one in listed) for name in names}
    )


def _counted(month: date, rows: list[Row[Any]], reminded: int) -> Month:
    gone = [row for row in rows if row.status is Status.WITHDRAWN]
    done = [row for row in rows if row.resolved_at is not None]
    return Month(
        month=month,
        filed=len(rows),
        withdrawn=len(gone),
        withdrawn_early=sum(row.accepted_at is None for row in gone),
        accepted_in_time=sum(_in_time(row.accepted_at, row.accept_due) for row in rows),
        reminded=reminded,
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


def _reminded(db: Connection, zone: tzinfo) -> dict[date, int]:
    """Reminders that left, by month."""
    sent = select(outbox.c.sent_at).where(
        outbox.c.kind.startswith("notice.remind"), outbox.c.sent_at.is_not(None)
    )
    counted: dict[date, int] = {}
    for moment in db.execute(sent).scalars():
        month = _month(moment, zone)
        counted[month] = counted.get(month, 0) + 1
    return counted


def _month(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date().replace(day=1)
