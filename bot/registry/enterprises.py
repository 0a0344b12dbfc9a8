"""Sorts out the rows of enterprises, of their contacts and of their projects."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from bot.core.people import OWNERS, Enterprise, Person, Role
from bot.core.register import RegisteredProject
from bot.registry.cells import identity
from bot.registry.drafts import Draft
from bot.registry.known import Known, Names, Staff
from bot.registry.sheets import Column
from bot.registry.sorter import Case, Match, Once, Planned, Sorted, sort_out

_FIELDS = {
    "name": Column.ENTERPRISE,
    "aliases": Column.ALIASES,
    "tags": Column.TAGS,
    "park": Column.PARK,
    "address": Column.ADDRESS,
    "residence": Column.RESIDENCE,
}
_CONTACT = {"name": Column.PERSON, "role": Column.ROLE, "phone": Column.PHONE}
Steps = tuple[tuple[str, int], ...]
_LEADERS = frozenset({Role.LEADER})


def sort_enterprises(rows: Sequence[Draft], known: Known) -> Sorted[Enterprise]:
    """A firm is found again by its credit code, else by its name."""
    return sort_out(rows, _Firms(known).decide)


def sort_contacts(rows: Sequence[Draft], known: Known) -> Sorted[Person]:
    """A contact is found again by name, at the same enterprise."""
    own = [row for row in rows if row.given[Column.ROLE] is Role.CONTACT]
    return sort_out(own, _Contacts(known).decide)


def sort_projects(rows: Sequence[Draft], known: Known) -> Sorted[RegisteredProject]:
    """A project is found again by name, at the same enterprise."""
    return sort_out(rows, _Projects(known).decide)


class _Firms:
    def __init__(self, known: Known) -> None:
        self._staff = Staff(known.staff)
        self._departments = Names(known.departments)
        self._by_name = Names(known.enterprises)
        self._by_code = {
            enterprise.code: enterprise for enterprise in known.enterprises if enterprise.code
        }
        self._once = Once()

    def decide(self, case: Case) -> Match[Enterprise]:
        found = self._find_enterprise(case)
        fields = (
            case.plain(_FIELDS)
            | case.build_named_field(Column.GRID)
            | case.id_of(Column.LIAISON, lambda name: self._staff.look_up_name(name, OWNERS))
            | case.id_of(Column.DEPUTY, lambda name: self._staff.look_up_name(name, OWNERS))
            | case.id_of(Column.LEADER, lambda name: self._staff.look_up_name(name, _LEADERS))
            | case.id_of(Column.DEPARTMENT, self._departments.look_up_name)
        )
        if Column.CODE in case.draft.given:
            fields["code"] = case.draft.text(Column.CODE) or None
        if fields.get("liaison_id") and fields["liaison_id"] == fields.get("deputy_id"):
            case.fault(Column.DEPUTY, "registry.row.same_person")
        return Match(found, fields)

    def _find_enterprise(self, case: Case) -> Enterprise | None:
        """The firm that the row is about; None when it is new, or when that cannot be told."""
        name, code = case.draft.text(Column.ENTERPRISE), case.draft.text(Column.CODE)
        if code and (earlier := self._once.earlier(case.draft, code)):
            case.fault(Column.CODE, "registry.row.code_twice", row=earlier)
        if earlier := self._once.earlier(case.draft, ("name", identity(name))):
            case.fault(Column.ENTERPRISE, "registry.row.name_twice", row=earlier)
        by_code, by_name = self._by_code.get(code), self._by_name.one(name)
        if by_code and by_name and by_code.id != by_name.id:
            case.fault(Column.CODE, "registry.row.code_taken", name=by_code.name)
        elif by_name and by_name.code and code and by_name.code != code:
            case.fault(Column.CODE, "registry.row.other_code", code=by_name.code)
        return by_code or by_name


class _Contacts:
    def __init__(self, known: Known) -> None:
        self._enterprises = Names(known.enterprises, also="aliases")
        self._contacts = {
            (person.enterprise_id, identity(person.name)): person
            for person in reversed(known.people)
            if person.role is Role.CONTACT
        }
        self._once = Once()

    def decide(self, case: Case) -> Match[Person]:
        firm = case.id_of(Column.ENTERPRISE, self._enterprises.look_up_name)
        firm_id = firm.get("enterprise_id")
        if not case.remarks and firm_id is None:
            case.fault(Column.ENTERPRISE, "registry.row.role_needs", role=Role.CONTACT)
        key = (firm_id, identity(case.draft.text(Column.PERSON)))
        if firm_id is not None and (earlier := self._once.earlier(case.draft, key)):
            case.fault(Column.PERSON, "registry.row.twice", row=earlier)
        return Match(self._contacts.get(key), case.plain(_CONTACT) | firm)


class _Projects:
    def __init__(self, known: Known) -> None:
        self._staff = Staff(known.staff)
        self._departments = Names(known.departments)
        self._enterprises = Names(known.enterprises, also="aliases")
        self._projects: dict[tuple[int | None, str], RegisteredProject] = {
            (project.enterprise_id, identity(project.name)): project for project in known.projects
        }
        self._once = Once()

    def decide(self, case: Case) -> Match[RegisteredProject]:
        firm = case.id_of(Column.ENTERPRISE, self._enterprises.look_up_name)
        key = (firm["enterprise_id"], identity(case.draft.text(Column.PROJECT)))
        if not case.remarks and (earlier := self._once.earlier(case.draft, key)):
            case.fault(Column.PROJECT, "registry.row.twice", row=earlier)
        fields = (
            case.plain({"name": Column.PROJECT}) | firm | case.build_named_field(Column.TASK_FORCE)
        )
        return Match(self._projects.get(key), fields, plan=self._read_plan(case))

    def _read_plan(self, case: Case) -> Planned | None:
        """The plan of the row, if it names its last day."""
        given = case.draft.given
        leader = case.id_of(Column.LEADER, lambda name: self._staff.look_up_name(name, _LEADERS))
        department = case.id_of(Column.DEPARTMENT, self._departments.look_up_name)
        target, steps = given.get(Column.TARGET), cast(Steps, given.get(Column.STEPS, ()))
        if not isinstance(target, date):
            if steps:
                case.fault(Column.STEPS, "registry.row.no_target")
            return None
        if not steps:
            case.fault(Column.TARGET, "registry.row.no_steps")
        return Planned(target, steps, leader.get("leader_id"), department.get("department_id"))
