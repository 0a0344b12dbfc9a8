"""Reads what the wall shows of the open issues: one statement, whatever has been closed since."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from bot.core.issues.issue import Status
from bot.core.reports.board import LANES, Card, Lane, LaneRule, Pile
from storage.columns import Moment
from storage.issues.access import UNSEALED
from storage.tables.issues import issues
from storage.tables.people import enterprises, people

_FIELDS = ("number", "title", "category", "urgent", "rung", "terms")


def piles(db: Connection, now: datetime, most: int) -> list[Pile]:
    """Every lane in its order, with at most so many cards each: first what ends first. What is
    dealt with as part of another issue is on the wall only with that one."""
    rows = db.execute(_statement(), {"now": now, "most": most})
    found = {Lane(lane): list(of_lane) for lane, of_lane in groupby(rows, lambda row: row.lane)}
    return [_pile(rule.lane, found.get(rule.lane, [])) for rule in LANES]


def _statement() -> Select[Any]:
    """Windows count a lane and number its issues in the same walk over the open ones."""
    open_ones = (
        select(
            *(issues.c[name] for name in _FIELDS),
            *(issues.c.reporter_id, issues.c.owner_id, issues.c.id),
            func.coalesce(issues.c.clock_from, issues.c.filed_at, type_=Moment).label("since"),
            func.coalesce(issues.c.enterprise_id, issues.c.claimed_id).label("firm_id"),
            _by_lane(_name).label("lane"),
            type_coerce(_by_lane(_moment), Moment).label("moment"),
        )
        .where(issues.c.closed_at.is_(None), UNSEALED, or_(*map(_in_lane, LANES)), _ITS_OWN)
        .subquery()
    )
    lane, order = open_ones.c.lane, (open_ones.c.moment, open_ones.c.id)
    late = case((open_ones.c.moment <= bindparam("now", type_=Moment), 1), else_=0)
    placed = select(
        *open_ones.c,
        func.row_number().over(partition_by=lane, order_by=order).label("at"),
        func.count().over(partition_by=lane).label("many"),
        func.sum(late).over(partition_by=lane).label("late"),
    ).subquery()
    reporters, owners = people.alias(), people.alias()
    return (
        select(
            *placed.c,
            enterprises.c.name.label("firm"),
            enterprises.c.aliases,
            reporters.c.name.label("reporter"),
            owners.c.name.label("owner"),
        )
        .join_from(placed, enterprises, enterprises.c.id == placed.c.firm_id, isouter=True)
        .join(reporters, reporters.c.id == placed.c.reporter_id, isouter=True)
        .join(owners, owners.c.id == placed.c.owner_id, isouter=True)
        .where(placed.c["at"] <= bindparam("most"))
        .order_by(placed.c.lane, placed.c["at"])
    )


_ITS_OWN = or_(issues.c.merged_into.is_(None), issues.c.status == Status.RESOLVED)


def _in_lane(rule: LaneRule) -> ColumnElement[bool]:
    answered = issues.c.answered_at.is_not(None)
    if rule.answered is None:
        return issues.c.status == rule.status
    return and_(issues.c.status == rule.status, answered if rule.answered else ~answered)


def _name(rule: LaneRule) -> ColumnElement[Any]:
    return literal(rule.lane.value, String(16))


def _moment(rule: LaneRule) -> ColumnElement[Any]:
    return issues.c[rule.moment]


def _by_lane(value: Any) -> Any:
    return case(*((_in_lane(rule), value(rule)) for rule in LANES))


def _pile(lane: Lane, rows: Iterable[Row[Any]]) -> Pile:
    listed = list(rows)
    if not listed:
        return Pile(lane)
    runs = any(rule.part for rule in LANES if rule.lane is lane)
    cards = tuple(_card(lane, row) for row in listed)
    return Pile(lane, cards, listed[0].many, int(listed[0].late) if runs else 0)


def _card(lane: Lane, row: Row[Any]) -> Card:
    return Card(
        lane=lane,
        since=row.since,
        moment=row.moment,
        firm=row.firm,
        aliases=row.aliases or (),
        reporter=row.reporter,
        owner=row.owner,
        **{name: getattr(row, name) for name in _FIELDS},
    )
