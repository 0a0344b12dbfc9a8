"""Remembers who is meant in a sealed matter, and what of an issue others have seen already."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.core.issues.issue import Issue
from bot.core.people import Person, Role
from storage.delivery.outbox import SEALED
from storage.issues.access import UNSEALED
from storage.prepared import Prepared
from storage.statements import upsert
from storage.tables.decisions import decisions
from storage.tables.delivery import outbox, threads
from storage.tables.issues import events, follows, issues
from storage.tables.learning import lessons
from storage.tables.people import people
from storage.tables.sealing import named, readers

_ONE_SEALED = Prepared(select(issues).where(issues.c.id == bindparam("issue"), ~UNSEALED))


def find_sealed(db: Connection, issue_id: int) -> Issue | None:
    """The issue with this id if it is sealed; None for any other. Cheap: not locked."""
    row = _ONE_SEALED.first(db, issue=issue_id)
    return Issue(**row) if row else None


def name_people(db: Connection, issue_id: int, person_ids: Iterable[int]) -> None:
    """From now on these are meant in the issue; nothing changes for those who were before."""
    for person_id in sorted(person_ids):
        row = upsert(db, named).values(issue_id=issue_id, person_id=person_id)
        db.execute(row.on_conflict_do_nothing())


def list_named(db: Connection, issue_id: int) -> frozenset[int]:
    """Everyone who is meant in an issue, by id."""
    rows = select(named.c.person_id).where(named.c.issue_id == issue_id)
    return frozenset(db.execute(rows).scalars())


def is_named(db: Connection, issue_id: int, person_id: int) -> bool:
    """Whether this person is meant in the issue."""
    return _IS_NAMED.first(db, issue=issue_id, person=person_id) is not None


_IS_NAMED = Prepared(
    select(named.c.issue_id).where(
        named.c.issue_id == bindparam("issue"), named.c.person_id == bindparam("person")
    )
)


def add_reader(db: Connection, issue_id: int, person_id: int | None) -> None:
    """From now on this person reads the issue; nothing changes where they did, or for nobody."""
    if person_id is not None:
        row = upsert(db, readers).values(issue_id=issue_id, person_id=person_id)
        db.execute(row.on_conflict_do_nothing())


def list_readers(db: Connection, issue_id: int) -> frozenset[int]:
    """Everyone who reads a sealed issue now: who was given it and is not meant in it, by id."""
    rows = select(readers.c.person_id).where(readers.c.issue_id == issue_id)
    return frozenset(db.execute(rows).scalars()) - list_named(db, issue_id)


def drop_readers(db: Connection, issue_id: int) -> None:
    """Nobody reads it as a sealed issue any more: it is none."""
    db.execute(delete(readers).where(readers.c.issue_id == issue_id))


def list_who_heard(db: Connection, issue_id: int) -> list[Person]:
    """The staff whom words about an issue have reached, or who did something with it, by id."""
    heard = (
        select(threads.c.person_id)
        .join(outbox, outbox.c.thread_id == threads.c.id)
        .where(outbox.c.issue_id == issue_id, outbox.c.sent_at.is_not(None))
    )
    acted = select(events.c.person_id).where(events.c.issue_id == issue_id)
    rows = select(people).where(
        people.c.role != Role.CONTACT, people.c.id.in_(heard) | people.c.id.in_(acted)
    )
    return [Person(**row._mapping) for row in db.execute(rows.order_by(people.c.id))]


def withhold(db: Connection, issue_id: int, keep: Collection[int], now: datetime) -> None:
    """What waits to leave about an issue leaves no more, but for these threads."""
    waits = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
    others = (outbox.c.issue_id == issue_id) & outbox.c.thread_id.not_in(sorted(keep))
    values = {"gave_up_at": now, "error": SEALED, "leased_until": None, "look_at": None}
    db.execute(update(outbox).where(waits, others).values(**values))


def forget_elsewhere(db: Connection, issue_id: int) -> None:
    """Nobody follows the issue any more, no leader is asked about it, nothing is learned of it."""
    db.execute(delete(follows).where(follows.c.issue_id == issue_id))
    open_ones = (decisions.c.issue_id == issue_id) & decisions.c.choice.is_(None)
    db.execute(delete(decisions).where(open_ones))
    db.execute(update(lessons).where(lessons.c.issue_id == issue_id).values(void=True))
