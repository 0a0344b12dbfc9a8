"""Sorts out the rows of people who work for the park."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bot.core.people import OWNERS, Person, Role
from bot.registry.cells import identity, several
from bot.registry.drafts import Draft
from bot.registry.known import Known, Names
from bot.registry.sheets import Column
from bot.registry.sorter import Case, Match, Once, Sorted, sort_out

_FIELDS = {"name": Column.PERSON, "role": Column.ROLE, "phone": Column.PHONE}
_NEEDS = {Role.DEPARTMENT: Column.DEPARTMENT, Role.TASK_FORCE: Column.TASK_FORCE}
"""Somebody of this role can only be found through this column."""


def sort_staff(rows: Sequence[Draft], known: Known) -> Sorted[Person]:
    """Everyone but the contacts. Somebody is found again by phone, else by name."""
    own = [row for row in rows if row.given[Column.ROLE] is not Role.CONTACT]
    return sort_out(own, _Desk(own, known).decide)


class _Desk:
    def __init__(self, rows: Iterable[Draft], known: Known) -> None:
        self._departments = Names(known.departments)
        self._by_phone = {person.phone: person for person in known.colleagues if person.phone}
        self._by_name: defaultdict[str, list[Person]] = defaultdict(list)
        for person in known.colleagues:
            self._by_name[identity(person.name)].append(person)
        self._listed = Counter(identity(row.text(Column.PERSON)) for row in rows)
        self._once = Once()

    def decide(self, case: Case) -> Match[Person]:
        found = self._find_person(case)
        fields = (
            case.plain(_FIELDS)
            | case.id_of(Column.DEPARTMENT, self._departments.look_up_name)
            | case.build_named_field(Column.TASK_FORCE)
        )
        role = fields["role"]
        needed = _NEEDS.get(role)
        reached = needed and (fields.get(f"{needed}_id") or getattr(found, f"{needed}_id", None))
        if needed and not reached and not case.remarks:
            case.fault(needed, "registry.row.role_needs", role=role)
        return Match(found, fields, self._grids(case, role))

    def _find_person(self, case: Case) -> Person | None:
        """Who the row is about; None when they are new, or when that cannot be told."""
        name, phone = case.draft.text(Column.PERSON), case.draft.text(Column.PHONE)
        namesakes = self._by_name[identity(name)]
        alone = self._listed[identity(name)] == 1
        if earlier := self._once.earlier(case.draft, (identity(name), phone)):
            case.fault(Column.PERSON, "registry.row.twice", row=earlier)
        elif phone and (earlier := self._once.earlier(case.draft, phone)):
            case.fault(Column.PHONE, "registry.row.phone_twice", row=earlier)
        elif not phone and not (alone and len(namesakes) < 2):
            case.fault(Column.PHONE, "registry.row.namesakes", name=name)
        if same := self._by_phone.get(phone):
            if identity(same.name) != identity(name):
                case.fault(Column.PHONE, "registry.row.phone_taken", name=same.name)
            return same
        return namesakes[0] if alone and len(namesakes) == 1 else None

    def _grids(self, case: Case, role: Role) -> tuple[str, ...]:
        grids = several(case.draft.text(Column.GRID))
        if grids and role not in OWNERS:
            case.fault(Column.GRID, "registry.row.no_grid", role=role)
        for grid in grids:
            if earlier := self._once.earlier(case.draft, ("grid", identity(grid))):
                case.fault(Column.GRID, "registry.row.grid_twice", grid=grid, row=earlier)
        return grids
