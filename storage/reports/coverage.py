"""Finds the enterprises that nobody answers for, or that have fallen silent."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from bot.core.people import Residence, Role
from bot.core.register import SILENT_DAYS, Gap, Lack
from storage.columns import Moment
from storage.tables.delivery import threads
from storage.tables.people import enterprises, grids, people

_HERE = enterprises.c.residence == Residence.HERE


def count(db: Connection) -> int:
    """How many enterprises are registered and still in the park."""
    return int(db.execute(select(func.count()).select_from(enterprises).where(_HERE)).scalar_one())


def gaps(db: Connection, now: datetime) -> list[Gap]:
    """Every enterprise still in the park that lacks something, by id. One statement."""
    rows = db.execute(_everyone())
    found = (Gap(row.id, row.name, _lacks(row, now), row.heard_at) for row in rows)
    return [gap for gap in found if gap.lacks]


def totals(gaps: Iterable[Gap]) -> dict[str, int]:
    """How many enterprises lack each thing, by `Lack`."""
    counted = Counter(lack for gap in gaps for lack in gap.lacks)
    return {lack.value: counted[lack] for lack in Lack}


def _everyone() -> Select[Any]:
    heard = (
        select(people.c.enterprise_id, func.max(threads.c.heard_at, type_=Moment).label("heard_at"))
        .join(threads, threads.c.person_id == people.c.id)
        .where(people.c.role == Role.CONTACT)
        .group_by(people.c.enterprise_id)
        .subquery()
    )
    liaison = func.coalesce(enterprises.c.liaison_id, grids.c.liaison_id).label("liaison_id")
    firm = (enterprises.c.id, enterprises.c.name, enterprises.c.deputy_id, enterprises.c.leader_id)
    return (
        select(*firm, liaison, heard.c.heard_at)
        .outerjoin(grids, grids.c.id == enterprises.c.grid_id)
        .outerjoin(heard, heard.c.enterprise_id == enterprises.c.id)
        .where(_HERE)
        .order_by(enterprises.c.id)
    )


def _lacks(row: Row[Any], now: datetime) -> frozenset[Lack]:
    silent = row.heard_at is None or row.heard_at < now - timedelta(days=SILENT_DAYS)
    found = {
        Lack.LIAISON: row.liaison_id is None,
        Lack.DEPUTY: row.deputy_id is None,
        Lack.LEADER: row.leader_id is None,
        Lack.WORD: silent,
    }
    return frozenset(lack for lack, missing in found.items() if missing)
