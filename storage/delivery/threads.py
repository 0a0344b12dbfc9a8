"""Remembers conversations: who is at the other end and where the talk stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select, update
from sqlalchemy.exc import NoResultFound

from bot.core.messages import Address
from bot.core.people import STAFF, Role
from storage.prepared import Prepared
from storage.statements import insert_into, upsert
from storage.tables.delivery import threads
from storage.tables.people import people

_BY_ID = Prepared(select(threads).where(threads.c.id == bindparam("thread")))
_BEST_FIRST = (threads.c.left_at.is_not(None), threads.c.heard_at.desc().nulls_last(), threads.c.id)
"""Whom a person is written to at: where they last answered; what they have left comes last."""
_LIVE = Prepared(
    select(threads)
    .where(threads.c.person_id == bindparam("person"), threads.c.left_at.is_(None))
    .order_by(*_BEST_FIRST)
)
_CHANGE = Prepared(update(threads).where(threads.c.id == bindparam("thread")))


@dataclass(frozen=True)
class Thread:
    """One person's conversation on one channel as it stood when this turn began. What it waits for
    (`menu`, `menu_before`, `expect`) is read by `storage.delivery.pending`, the list it was shown
    last (`listed`) by `storage.delivery.lists`."""

    id: int
    address: Address
    person_id: int | None
    welcomed_at: datetime | None
    consented_at: datetime | None
    left_at: datetime | None
    heard_at: datetime | None
    sends: int
    menu: Mapping[str, Any] | None
    menu_before: Mapping[str, Any] | None
    expect: Mapping[str, Any] | None
    issue_id: int | None
    filed_at: datetime | None
    undisturbed_until: datetime | None
    reminded_at: datetime | None
    listed: Mapping[str, Any] | None = None
    former_id: int | None = None

    @property
    def is_parted(self) -> bool:
        """Whether it was somebody's and is nobody's any more: they left, or lost this phone."""
        return self.person_id is None and self.former_id is not None


def mark_heard(db: Connection, address: Address, now: datetime) -> Thread:
    """The thread of this address, made if new, locked until the transaction ends.

    A message from the person opens the platform's window again: the count of sends starts anew.
    """
    fresh = {"heard_at": now, "sends": 0, "left_at": None}
    row = {"channel": address.channel, "address": address.user, **fresh}
    (thread,) = _HEARD(db, **row)
    return _build_thread(thread)


def _build_upsert(dialect: str) -> Any:
    insert = insert_into(dialect, threads)
    fresh = {name: insert.excluded[name] for name in ("heard_at", "sends", "left_at")}
    again = insert.on_conflict_do_update(index_elements=["channel", "address"], set_=fresh)
    return again.returning(*threads.c)


_HEARD = Prepared(build=_build_upsert)


def open_thread(db: Connection, address: Address, person_id: int | None) -> Thread:
    """The thread of this address without a message from it: for staff known beforehand."""
    insert = upsert(db, threads).values(
        channel=address.channel, address=address.user, person_id=person_id, sends=0
    )
    statement = insert.on_conflict_do_update(
        index_elements=["channel", "address"], set_={"person_id": person_id}
    ).returning(threads)
    return _thread(db.execute(statement).one())


def by_address(db: Connection, address: Address) -> Thread | None:
    """The thread of this address, or None."""
    where = (threads.c.channel == address.channel) & (threads.c.address == address.user)
    row = db.execute(select(threads).where(where)).first()
    return _thread(row) if row else None


def get(db: Connection, thread_id: int) -> Thread:
    """The thread with this id; NoResultFound when there is none."""
    row = _BY_ID.first(db, thread=thread_id)
    if row is None:
        raise NoResultFound(f"thread {thread_id}")
    return _build_thread(row)


def live(db: Connection, person_id: int) -> list[Thread]:
    """Every place where this person can be written to, where they last answered first."""
    return [_build_thread(row) for row in _LIVE(db, person=person_id)]


def of_person(db: Connection, person_id: int) -> Thread | None:
    """Where this person last answered, or None when they are on no channel, or on none any more."""
    return next(iter(live(db, person_id)), None)


def home(db: Connection, thread: Thread) -> Thread:
    """Where the person behind a thread is written to: on several phones they hear everything once,
    where they last answered. The thread itself where nobody is known, or all has been left."""
    best = of_person(db, thread.person_id) if thread.person_id is not None else None
    return best or thread


def of_role(db: Connection, role: Role) -> list[Thread]:
    """One thread for each person of a role, where they last answered."""
    return _one_each(db, people.c.role == role)


def of_enterprise(db: Connection, enterprise_id: int) -> list[Thread]:
    """One thread for each contact of an enterprise, where they last answered, by id."""
    theirs = (people.c.enterprise_id == enterprise_id) & (people.c.role == Role.CONTACT)
    return sorted(_one_each(db, theirs), key=lambda one: one.id)


def _one_each(db: Connection, whose: ColumnElement[bool]) -> list[Thread]:
    """What somebody has left counts only where it is all they had: the words then wait there."""
    rows = select(threads).join(people, people.c.id == threads.c.person_id).where(whose)
    found: dict[int, Thread] = {}
    for row in db.execute(rows.order_by(*_BEST_FIRST)):
        found.setdefault(row.person_id, _thread(row))
    return list(found.values())


def is_colleague(db: Connection, address: Address) -> bool:
    """Whether a member of the staff has their own talk with us at this address."""
    where = (threads.c.channel == address.channel) & (threads.c.address == address.user)
    rows = select(threads.c.id).join(people, people.c.id == threads.c.person_id)
    return db.execute(rows.where(where, people.c.role.in_(STAFF))).first() is not None


def of_staff_about(db: Connection, issue_id: int) -> list[Thread]:
    """The threads of staff whose talk is about this issue and of whom words are expected."""
    rows = (
        select(threads)
        .join(people, people.c.id == threads.c.person_id)
        .where(people.c.role != Role.CONTACT, threads.c.issue_id == issue_id)
        .where(threads.c.expect.is_not(None), threads.c.left_at.is_(None))
    )
    return [_thread(row) for row in db.execute(rows.order_by(threads.c.id))]


def change(db: Connection, thread_id: int, **fields: Any) -> None:
    """Set fields of a thread, such as `menu=None` or `issue_id=12`."""
    _CHANGE(db, thread=thread_id, **fields)


def add_sends(db: Connection, thread_id: int, cost: int, heard_at: datetime | None) -> None:
    """So many sends of the window that a message of `heard_at` opened are used up. Nothing is
    counted where the person has written meanwhile: the window is a new one."""
    same = threads.c.heard_at.is_not_distinct_from(heard_at)
    used = (
        update(threads)
        .where(threads.c.id == bindparam("thread"), same)
        .values(sends=threads.c.sends + cost)
    )
    db.execute(used, {"thread": thread_id})


def part(db: Connection, thread_ids: Collection[int]) -> None:
    """These are nobody's any more; what was pending there, a menu, a question, a list, is gone."""
    gone = dict.fromkeys(("menu", "menu_before", "expect", "issue_id", "listed", "filed_at"))
    parted = {"person_id": None, "former_id": threads.c.person_id, **gone}
    mine = threads.c.id.in_(thread_ids) & threads.c.person_id.is_not(None)
    db.execute(update(threads).where(mine).values(**parted))


def rejoin(db: Connection, thread_ids: Collection[int], person_id: int) -> None:
    """Those that were this person's are theirs again, unless they have become somebody else's."""
    theirs = threads.c.id.in_(thread_ids) & threads.c.person_id.is_(None)
    theirs &= threads.c.former_id == person_id
    db.execute(update(threads).where(theirs).values(person_id=person_id, former_id=None))


def of_everywhere(db: Connection, person_id: int) -> list[Thread]:
    """Every thread of a person, also those they have left, where they last answered first."""
    rows = select(threads).where(threads.c.person_id == person_id).order_by(*_BEST_FIRST)
    return [_thread(row) for row in db.execute(rows)]


def change_person(db: Connection, person_id: int, **fields: Any) -> None:
    """Set fields on every thread of a person, such as `reminded_at=now`."""
    db.execute(update(threads).where(threads.c.person_id == person_id).values(**fields))


def _thread(row: Row[Any]) -> Thread:
    return _build_thread(dict(row._mapping))


def _build_thread(values: dict[str, Any]) -> Thread:
    return Thread(address=Address(values.pop("channel"), values.pop("address")), **values)
