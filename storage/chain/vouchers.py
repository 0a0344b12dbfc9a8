"""Remembers vouchers."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from bot.core.chain.entries import Kind
from storage.tables.chain import vouchers


@dataclass(frozen=True)
class Voucher:
    """One voucher; see the table."""

    id: int
    code: str
    kind: Kind
    of_id: int
    subject: str
    salt: bytes | None
    facts: str
    at: datetime


def add(db: Connection, voucher: Voucher) -> None:
    """A new voucher; its id is given by the database."""
    values = {name: value for name, value in vars(voucher).items() if name != "id"}
    db.execute(insert(vouchers).values(**values))


def by_code(db: Connection, code: str) -> Voucher | None:
    """The voucher with this code, or None."""
    row = db.execute(select(vouchers).where(vouchers.c.code == code)).first()
    return Voucher(**row._mapping) if row else None


def latest_of(db: Connection, kind: Kind, ids: Collection[int]) -> dict[int, Voucher]:
    """The latest voucher of each of these promises or issues that has one."""
    newest = (
        select(func.max(vouchers.c.id))
        .where(vouchers.c.kind == kind, vouchers.c.of_id.in_(sorted(ids)))
        .group_by(vouchers.c.of_id)
    )
    rows = db.execute(select(vouchers).where(vouchers.c.id.in_(newest))) if ids else ()
    return {row.of_id: Voucher(**row._mapping) for row in rows}


def of(db: Connection, kind: Kind, of_id: int) -> list[Voucher]:
    """All vouchers of one promise or issue, the first first."""
    rows = select(vouchers).where(vouchers.c.kind == kind, vouchers.c.of_id == of_id)
    return [Voucher(**row._mapping) for row in db.execute(rows.order_by(vouchers.c.id))]


def everything(db: Connection) -> Iterator[Voucher]:
    """Every voucher, the first first."""
    rows = select(vouchers).order_by(vouchers.c.id).execution_options(yield_per=1000)
    return (Voucher(**row._mapping) for row in db.execute(rows))
