"""Remembers what people said about messages that were read wrongly."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.prepared import Prepared
from storage.tables.talk import act_lessons


@dataclass(frozen=True)
class ActLesson:
    """Somebody of this role (of the core's talk) said: this text is that act."""

    id: int
    text: str
    act: str
    role: str


@dataclass(frozen=True)
class State:
    """What tells that anything has been learned: the last lesson, how many were taken back."""

    last: int
    void: int


_STATE = Prepared(
    select(
        select(func.coalesce(func.max(act_lessons.c.id), 0)).scalar_subquery().label("last"),
        select(func.count()).where(act_lessons.c.void).scalar_subquery().label("void"),
    )
)


def state(db: Connection) -> State:
    """How things stand, in one look."""
    (row,) = _STATE(db)
    return State(**row)


def teach(db: Connection, text: str, act: str, role: str, because: str, now: datetime) -> None:
    """Keep one lesson."""
    values = {"text": text, "act": act, "role": role, "because": because}
    db.execute(insert(act_lessons).values(**values, at=now, void=False))


def take_back(db: Connection, because: str) -> None:
    """The lessons of one turn are no lessons any more."""
    db.execute(update(act_lessons).where(act_lessons.c.because == because).values(void=True))


def since(db: Connection, upto: int) -> list[ActLesson]:
    """The lessons after `upto`, oldest first, without those taken back."""
    names = (act_lessons.c[name] for name in ActLesson.__dataclass_fields__)
    rows = select(*names).where(act_lessons.c.id > upto, ~act_lessons.c.void)
    return [ActLesson(**row._mapping) for row in db.execute(rows.order_by(act_lessons.c.id))]
