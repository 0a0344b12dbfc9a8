"""Remembers people, enterprises and departments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.core.people import Department, Enterprise, Person, Role
from storage.tables import departments, enterprises, people


def get(db: Connection, person_id: int) -> Person:
    """The person with this id; NoResultFound when there is none."""
    return _person(db.execute(select(people).where(people.c.id == person_id)).one())


def by_id(db: Connection, person_id: int | None) -> Person | None:
    """The person with this id, or None."""
    row = db.execute(select(people).where(people.c.id == person_id)).first()
    return _person(row) if row else None


def named(db: Connection, name: str) -> list[Person]:
    """Staff with exactly this name."""
    rows = select(people).where(people.c.name == name, people.c.role != Role.CONTACT)
    return [_person(row) for row in db.execute(rows.order_by(people.c.id))]


def of_role(db: Connection, role: Role) -> list[Person]:
    """Everyone of a role, by id."""
    rows = select(people).where(people.c.role == role).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)]


def of_department(db: Connection, department_id: int) -> list[Person]:
    """The people of a department, by id."""
    rows = select(people).where(people.c.department_id == department_id).order_by(people.c.id)
    return [_person(row) for row in db.execute(rows)]


def enterprise(db: Connection, enterprise_id: int | None) -> Enterprise | None:
    """The enterprise with this id, or None."""
    row = db.execute(select(enterprises).where(enterprises.c.id == enterprise_id)).first()
    return Enterprise(**row._mapping) if row else None


def enterprise_named(db: Connection, name: str) -> Enterprise | None:
    """The enterprise with exactly this name, or None."""
    row = db.execute(select(enterprises).where(enterprises.c.name == name)).first()
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
    row = db.execute(select(departments).where(departments.c.name == name)).first()
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


def add_person(
    db: Connection,
    name: str,
    role: Role,
    *,
    phone: str = "",
    enterprise_id: int | None = None,
    department_id: int | None = None,
) -> int:
    """A new person; their id."""
    values = {
        "name": name,
        "role": role,
        "phone": phone,
        "enterprise_id": enterprise_id,
        "department_id": department_id,
    }
    return _insert(db, people, values)


def add_enterprise(
    db: Connection, name: str, *, liaison_id: int | None = None, deputy_id: int | None = None
) -> int:
    """A new enterprise; its id."""
    values = {"name": name, "liaison_id": liaison_id, "deputy_id": deputy_id}
    return _insert(db, enterprises, values)


def add_department(db: Connection, name: str) -> int:
    """A new department; its id."""
    return _insert(db, departments, {"name": name})


def change_person(db: Connection, person_id: int, **fields: Any) -> None:
    """Set fields of a person."""
    db.execute(update(people).where(people.c.id == person_id).values(**fields))


def _insert(db: Connection, table: Any, values: Mapping[str, Any]) -> int:
    made = db.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    return int(made)


def _person(row: Row[Any]) -> Person:
    return Person(**row._mapping)
