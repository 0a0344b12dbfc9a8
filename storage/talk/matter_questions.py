"""Remembers which words were asked about, whether they are a matter, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.prepared import Prepared
from storage.tables.talk import matter_questions


@dataclass(frozen=True)
class MatterQuestion:
    """Words that may be a matter. Unanswered they are filed at `due_at` (UTC); `issue_id` is what
    they became, None while they wait or where they were none."""

    id: int
    thread_id: int
    person_id: int | None
    text: str
    media_id: int | None
    asked_at: datetime
    due_at: datetime
    settled_at: datetime | None
    issue_id: int | None


_WAITING = matter_questions.c.settled_at.is_(None)
_LAST_OF_THREAD = Prepared(
    select(matter_questions)
    .where(matter_questions.c.thread_id == bindparam("thread"), _WAITING)
    .order_by(matter_questions.c.id.desc())
    .limit(1)
)
_NEXT = Prepared(select(func.min(matter_questions.c.due_at).label("at")).where(_WAITING))


def last_of_thread(db: Connection, thread_id: int) -> MatterQuestion | None:
    """The newest question of this thread that nobody has answered yet."""
    row = _LAST_OF_THREAD.first(db, thread=thread_id)
    return MatterQuestion(**row) if row else None


def by_id(db: Connection, question_id: int) -> MatterQuestion | None:
    """The question with this id, locked, or None."""
    rows = select(matter_questions).where(matter_questions.c.id == question_id)
    row = db.execute(rows.with_for_update()).first()
    return MatterQuestion(**row._mapping) if row else None


def ask(
    db: Connection,
    thread_id: int,
    person_id: int | None,
    text: str,
    media_id: int | None,
    now: datetime,
    due_at: datetime,
) -> int:
    """Keep the words until they are answered for; the question's id."""
    values = {"thread_id": thread_id, "person_id": person_id, "text": text, "media_id": media_id}
    made = insert(matter_questions).values(**values, asked_at=now, due_at=due_at)
    return int(db.execute(made.returning(matter_questions.c.id)).scalar_one())


def settle(db: Connection, question_id: int, now: datetime, issue_id: int | None) -> None:
    """Somebody answered, or the words were filed."""
    mine = matter_questions.c.id == question_id
    db.execute(update(matter_questions).where(mine).values(settled_at=now, issue_id=issue_id))


def due(db: Connection, now: datetime) -> list[MatterQuestion]:
    """Questions that were left unanswered too long, locked; another process's are passed over."""
    rows = (
        select(matter_questions)
        .where(_WAITING, matter_questions.c.due_at <= now)
        .order_by(matter_questions.c.id)
        .with_for_update(skip_locked=True)
    )
    return [MatterQuestion(**row._mapping) for row in db.execute(rows)]


def next_due_at(db: Connection) -> datetime | None:
    """The earliest moment at which any is filed by itself; None when none waits."""
    moment: datetime | None = _NEXT(db)[0]["at"]
    return moment
