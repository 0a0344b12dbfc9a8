"""Remembers one-time codes that bind a thread to an enterprise or to a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.tables.people import codes


@dataclass(frozen=True)
class Code:
    """A code as it was given out; exactly one of the two ids is set."""

    code: str
    enterprise_id: int | None
    person_id: int | None
    expires_at: datetime
    used_at: datetime | None


def give(
    db: Connection,
    code: str,
    expires_at: datetime,
    *,
    enterprise_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Write a fresh code down."""
    values = {"enterprise_id": enterprise_id, "person_id": person_id, "expires_at": expires_at}
    db.execute(insert(codes).values(code=code, **values))


def by_code(db: Connection, code: str) -> Code | None:
    """The code, or None; locked until the transaction ends."""
    names: Any = [codes.c[name] for name in Code.__dataclass_fields__]
    row = db.execute(select(*names).where(codes.c.code == code).with_for_update()).first()
    return Code(**row._mapping) if row else None


def use(db: Connection, code: str, thread_id: int, now: datetime) -> None:
    """The code is spent by this thread."""
    db.execute(update(codes).where(codes.c.code == code).values(used_at=now, thread_id=thread_id))


def end(db: Connection, person_id: int, now: datetime) -> list[str]:
    """The codes of a person that were not used yet open nothing any more; which they were."""
    waiting = (codes.c.person_id == person_id) & codes.c.used_at.is_(None)
    waiting &= codes.c.expires_at > now
    ended = update(codes).where(waiting).values(expires_at=now).returning(codes.c.code)
    return sorted(db.execute(ended).scalars())
