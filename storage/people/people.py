"""Remembers people, enterprises and departments."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.exc import NoResultFound

from bot.core.people import Department, Enterprise, Person, Role
from storage.bulk import add_all
from storage.prepared import Prepared
from storage.tables.people import departments, enterprises, people

_BY_ID = Prepared(select(people).where(people.c.id == bindparam("person")))
_STILL_HERE = people.c.ended_at.is_(None)
_ENTERPRISE = Prepared(select(enterprises).where(enterprises.c.id == bindparam("firm")))


def get(db: Connection, person_id: int) -> Person:
    """The person with this id; NoResultFound when there is none."""
    row = _BY_ID.first(db, person=person_id)
    if row is None:
        raise NoResultFound(f"person {person_id}")
    return Person(**row)


def by_id(db: Connection, person_id: int | None) -> Person | None:
    """The person with this id, or None."""
    row = _BY_ID.first(db, person=person_id) if person_id else None
    return Person(**row) if row else None


def lock(db: Connection, person_id: int) -> None:
    """Let others who would write a list of this person's wait until the transaction ends."""
    db.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())


def list_staff_named(db: Connection, name: str) -> list[Person]:
    """Staff with exactly this name who have not left; gaps in it are no matter."""
    named = (_close_up(people) == _squeeze(name)) & _STILL_HERE
    rows = select(people).where(named, people.c.role != Role.CONTACT)
    return [_person(row) for row in db.execute(rows.order_by(people.c.id))]


def list_named_in(db: Connection, words: str) -> list[Person]:
    """Everybody whose whole name, of two characters or more, stands in these words, by id."""
    name = _close_up(people)
    stands = literal(_squeeze(words)).contains(name) & (func.length(name) > 1)
    rows = select(people).where(stands).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)]


def list_with_phones(db: Connection, phones: Collection[str]) -> list[Person]:
    """Everybody with one of these phones, by id."""
    rows = select(people).where(people.c.phone.in_(phones)).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)] if phones else []


def contact_named(db: Connection, name: str) -> Person | None:
    """The one contact with exactly this name; None without one, or with several."""
    named = (_close_up(people) == _squeeze(name)) & _STILL_HERE
    rows = select(people).where(named, people.c.role == Role.CONTACT)
    found = [_person(row) for row in db.execute(rows.limit(2))]
    return found[0] if len(found) == 1 else None


def of_role(db: Connection, role: Role) -> list[Person]:
    """Everyone of a role who has not left, by id."""
    rows = select(people).where(people.c.role == role, _STILL_HERE).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)]


def of_department(db: Connection, department_id: int) -> list[Person]:
    """The people of a department who have not left, by id."""
    theirs = (people.c.department_id == department_id) & _STILL_HERE
    rows = select(people).where(theirs).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)]


def contacts_of(db: Connection, enterprise_id: int) -> list[Person]:
    """Who speaks for a firm, by id; not who did."""
    theirs = (people.c.enterprise_id == enterprise_id) & (people.c.role == Role.CONTACT)
    rows = select(people).where(theirs, _STILL_HERE).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)]


def list_gone(db: Connection) -> list[Person]:
    """Everybody who has left, by id."""
    rows = select(people).where(people.c.ended_at.is_not(None)).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)]


def enterprise(db: Connection, enterprise_id: int | None) -> Enterprise | None:
    """The enterprise with this id, or None."""
    row = _ENTERPRISE.first(db, firm=enterprise_id) if enterprise_id else None
    return Enterprise(**row) if row else None


def enterprise_named(db: Connection, name: str) -> Enterprise | None:
    """The enterprise with exactly this name, or None."""
    row = db.execute(select(enterprises).where(_close_up(enterprises) == _squeeze(name))).first()
    return Enterprise(**row._mapping) if row else None


def enterprises_of(db: Connection, person_id: int) -> list[Enterprise]:
    """The enterprises a liaison answers for."""
    rows = select(enterprises).where(enterprises.c.liaison_id == person_id)
    return [Enterprise(**row._mapping) for row in db.execute(rows.order_by(enterprises.c.id))]


def all_enterprises(db: Connection) -> list[Enterprise]:
    """Every enterprise, by id."""
    rows = select(enterprises).order_by(enterprises.c.id)
    return [Enterprise(**row._mapping) for row in db.execute(rows)]


def department_named(db: Connection, name: str) -> Department | None:
    """The department with exactly this name, or None."""
    row = db.execute(select(departments).where(_close_up(departments) == _squeeze(name))).first()
    return Department(**row._mapping) if row else None


def all_departments(db: Connection) -> list[Department]:
    """Every department, by id."""
    return [
        Department(**row._mapping)
        for row in db.execute(select(departments).order_by(departments.c.id))
    ]


def is_empty(db: Connection) -> bool:
    """Whether nobody is known yet."""
    return not db.execute(select(func.count()).select_from(people)).scalar_one()


def add_person(db: Connection, name: str, role: Role, **fields: Any) -> int:
    """A new person, with other fields of `Person`; their id."""
    return _add(db, people, Person(0, name, role, **fields))


def add_enterprise(db: Connection, name: str, **fields: Any) -> int:
    """A new enterprise, with other fields of `Enterprise`; its id."""
    return _add(db, enterprises, Enterprise(0, name, **fields))


def add_department(db: Connection, name: str, **fields: Any) -> int:
    """A new department, with other fields of `Department`; its id."""
    return _add(db, departments, Department(0, name, **fields))


def change_person(db: Connection, person_id: int, **fields: Any) -> None:
    """Set fields of a person."""
    db.execute(update(people).where(people.c.id == person_id).values(**fields))


def _add(db: Connection, table: Table, value: Person | Enterprise | Department) -> int:
    (added,) = add_all(db, table, [value])
    return added.id


def _close_up(table: Table) -> ColumnElement[str]:
    """The name without its gaps: older rolls were kept with them."""
    return func.replace(func.replace(table.c.name, " ", ""), "\u3000", "")


def _squeeze(name: str) -> str:
    return "".join(name.split())


def _person(row: Row[Any]) -> Person:
    return Person(**row._mapping)
