"""Remembers what staff wrote to an enterprise while they may still keep it back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from storage.prepared import Prepared
from storage.tables.held import held_words


class Fate(StrEnum):
    """What became of held words. ASKED: they waited too long and their writer was asked."""

    SENT = "sent"
    TAKEN_BACK = "taken_back"
    REFUSED = "refused"
    ASKED = "asked"


@dataclass(frozen=True)
class HeldWords:
    """Words of a person about an issue, written in a thread at `held_at`; they leave at `due_at`.
    `because` is the once-key of the message; `fate` is empty while they wait. Moments are UTC."""

    id: int
    thread_id: int
    person_id: int
    issue_id: int
    text: str
    media_id: int | None
    because: str
    held_at: datetime
    due_at: datetime
    settled_at: datetime | None
    fate: str


_NEXT = Prepared(
    select(func.min(held_words.c.due_at).label("at")).where(held_words.c.settled_at.is_(None))
)


def add(
    db: Connection,
    *,
    thread_id: int,
    person_id: int,
    issue_id: int,
    text: str,
    media_id: int | None,
    because: str,
    held_at: datetime,
    due_at: datetime,
) -> int:
    """Keep words until `due_at`; their id."""
    values = {
        "thread_id": thread_id,
        "person_id": person_id,
        "issue_id": issue_id,
        "text": text,
        "media_id": media_id,
        "because": because,
        "held_at": held_at,
        "due_at": due_at,
        "fate": "",
    }
    added = db.execute(insert(held_words).values(**values).returning(held_words.c.id))
    return int(added.scalar_one())


def by_id(db: Connection, held_id: int) -> HeldWords | None:
    """The words with this id, whatever became of them, or None."""
    return _first(db, held_words.c.id == held_id)


def last_waiting(db: Connection, thread_id: int, person_id: int | None) -> HeldWords | None:
    """What a person wrote last in a thread and may still keep back, or None."""
    mine = (held_words.c.thread_id == thread_id) & (held_words.c.person_id == person_id)
    return _first(db, mine & held_words.c.settled_at.is_(None))


def list_waiting(db: Connection, issue_id: int, person_id: int | None) -> list[HeldWords]:
    """What a person has written about an issue and may still keep back, oldest first."""
    mine = (held_words.c.issue_id == issue_id) & (held_words.c.person_id == person_id)
    rows = select(held_words).where(mine, held_words.c.settled_at.is_(None))
    return [HeldWords(**row._mapping) for row in db.execute(rows.order_by(held_words.c.id))]


def list_due(db: Connection, now: datetime, most: int = 100) -> list[int]:
    """The ids of what is to leave now, oldest first."""
    due = (held_words.c.settled_at.is_(None)) & (held_words.c.due_at <= now)
    rows = select(held_words.c.id).where(due).order_by(held_words.c.due_at, held_words.c.id)
    return list(db.execute(rows.limit(most)).scalars())


def next_due_at(db: Connection) -> datetime | None:
    """When the next words leave; None when none wait."""
    moment: datetime | None = _NEXT(db)[0]["at"]
    return moment


def take_back_all(db: Connection, person_id: int, now: datetime) -> None:
    """Nothing that this person wrote and that still waits leaves any more."""
    theirs = (held_words.c.person_id == person_id) & held_words.c.settled_at.is_(None)
    values = {"settled_at": now, "fate": Fate.TAKEN_BACK.value}
    db.execute(update(held_words).where(theirs).values(**values))


def settle(db: Connection, held_id: int, fate: Fate, now: datetime) -> bool:
    """Whether the words still waited: from now on they do not. Who asks second gets False."""
    mine = (held_words.c.id == held_id) & held_words.c.settled_at.is_(None)
    values = {"settled_at": now, "fate": fate.value}
    return db.execute(update(held_words).where(mine).values(**values)).rowcount == 1


def change_fate(db: Connection, held_id: int, fate: Fate) -> None:
    """It came otherwise than it was settled."""
    db.execute(update(held_words).where(held_words.c.id == held_id).values(fate=fate.value))


def _first(db: Connection, where: ColumnElement[bool]) -> HeldWords | None:
    rows = select(held_words).where(where).order_by(held_words.c.id.desc()).limit(1)
    row = db.execute(rows).first()
    return HeldWords(**row._mapping) if row else None
