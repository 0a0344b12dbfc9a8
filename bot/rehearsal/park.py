"""The invented park of a rehearsal: its firms, and who answers for them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle

from sqlalchemy import Connection

from bot.core.classifier.categories import Taxonomy
from bot.core.messages import Address
from bot.core.people import Department, Enterprise, Person, Role
from bot.core.register import ParkCategory, RegisteredProject, TaskForce
from bot.rehearsal.phones import NAME
from bot.texts import Texts
from storage.bulk import add_all
from storage.delivery import threads
from storage.tables import people as people_tables

FIRMS_EACH = 30
"""Firms of one liaison; one firm in twenty has none."""
STAFF = {Role.LEADER: 5, Role.OFFICE: 2, Role.TASK_FORCE: 4}
BUILDING = 10
"""One firm in so many builds something that a task force stands behind."""


@dataclass(frozen=True)
class Population:
    """Who lives there: the firms and, in the same order, the phones of their contacts; the staff's
    phones with their role; the departments by name."""

    firms: tuple[str, ...]
    contacts: tuple[str, ...]
    staff: tuple[tuple[str, Role], ...]
    departments: tuple[str, ...]


def settle(db: Connection, firms: int, taxonomy: Taxonomy, texts: Texts) -> Population:
    """Write a park of so many firms into an empty database."""
    staff = _Staff(db, texts, taxonomy, max(2, firms // FIRMS_EACH))
    settled = add_all(db, people_tables.enterprises, list(_firms(firms, staff, texts)))
    building = zip(settled[::BUILDING], cycle(staff.of(Role.TASK_FORCE)), strict=False)
    projects = [
        RegisteredProject(0, enterprise.name, enterprise.id, person.task_force_id)
        for enterprise, person in building
    ]
    add_all(db, people_tables.projects, projects)
    contacts = [
        replace(_person(Role.CONTACT, n, texts), enterprise_id=firm.id)
        for n, firm in enumerate(settled, 1)
    ]
    phones = [_phone(db, contact) for contact in add_all(db, people_tables.people, contacts)]
    return Population(
        tuple(enterprise.name for enterprise in settled),
        tuple(phones),
        tuple((_phone(db, member), member.role) for member in staff.everybody),
        tuple(department.name for department in staff.departments),
    )


class _Staff:
    """Everybody who may hold an issue or hear of one."""

    def __init__(self, db: Connection, texts: Texts, taxonomy: Taxonomy, liaisons: int) -> None:
        self.departments = _departments(db, taxonomy)
        forces = add_all(
            db,
            people_tables.task_forces,
            [TaskForce(0, texts.render("rehearsal.force", {"n": n + 1})) for n in range(2)],
        )
        people = [
            _person(role, n, texts)
            for role, count in ({Role.LIAISON: liaisons} | STAFF).items()
            for n in range(1, count + 1)
        ]
        people += [
            replace(_person(Role.DEPARTMENT, n, texts), department_id=department.id)
            for n, department in enumerate(
                (department for department in self.departments for _ in range(2)), 1
            )
        ]
        shared = cycle(forces)
        self.everybody: list[Person] = add_all(
            db,
            people_tables.people,
            [
                replace(person, task_force_id=next(shared).id)
                if person.role is Role.TASK_FORCE
                else person
                for person in people
            ],
        )

    def of(self, role: Role) -> list[Person]:
        """Everybody of a role."""
        return [person for person in self.everybody if person.role is role]


def _departments(db: Connection, taxonomy: Taxonomy) -> list[Department]:
    """The departments of the taxonomy, and which category is whose."""
    names = dict.fromkeys(category.department for category in taxonomy.categories)
    made = add_all(db, people_tables.departments, [Department(0, name) for name in names])
    ids = {department.name: department.id for department in made}
    rows = [
        ParkCategory(0, category.name, ids[category.department], category.service_level)
        for category in taxonomy.categories
    ]
    add_all(db, people_tables.categories, rows)
    return made


def _firms(count: int, staff: _Staff, texts: Texts) -> Iterator[Enterprise]:
    liaisons, leaders = staff.of(Role.LIAISON), cycle(staff.of(Role.LEADER))
    for n in range(count):
        liaison = liaisons[n % len(liaisons)] if n % 20 else None
        deputy = liaisons[(n + 1) % len(liaisons)]
        yield Enterprise(
            0,
            texts.render("rehearsal.firm", {"n": n + 1}),
            liaison_id=liaison.id if liaison else None,
            deputy_id=deputy.id if liaison else None,
            leader_id=next(leaders).id,
        )


def _person(role: Role, n: int, texts: Texts) -> Person:
    return Person(0, texts.render("rehearsal.person", {"role": role, "n": n}), role)


def _phone(db: Connection, person: Person) -> str:
    phone = f"{person.role}-{person.id}"
    threads.open_thread(db, Address(NAME, phone), person.id)
    return phone
