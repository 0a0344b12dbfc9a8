"""Takes a workbook into the database: noun after noun, so that each row finds those it names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

from bot.core.people import Department, Enterprise, Person
from bot.core.register import Grid, ParkCategory, RegisteredProject, TaskForce
from bot.registry.cells import identity
from bot.registry.departments import sort_categories, sort_departments
from bot.registry.drafts import Draft, drafts
from bot.registry.enterprises import sort_contacts, sort_enterprises, sort_projects
from bot.registry.known import Known
from bot.registry.pages import Book, Remark
from bot.registry.projects import plan
from bot.registry.report import Count, Noun, Report, Rules
from bot.registry.sheets import Sheet
from bot.registry.sorter import Match, Named, Sorted, build_value
from bot.registry.staff import sort_staff
from bot.texts import Texts
from storage.bulk import add_all, everything, save_all
from storage.tables import people as people_tables

T = TypeVar("T", bound=Any)


Watch = Callable[[int, int], None]
"""Is told how many steps are done, and of how many."""


def take_in(
    db: Connection, book: Book, rules: Rules, texts: Texts, watch: Watch = lambda _done, _all: None
) -> Report:
    """Write the good rows of a file; the caller commits, or rolls back to have tried only."""
    return _Import(db, book, texts, watch).run(rules)


def load(db: Connection) -> Known:
    """All that is registered now."""
    return Known(
        people=everything(db, people_tables.people, Person),
        enterprises=everything(db, people_tables.enterprises, Enterprise),
        departments=everything(db, people_tables.departments, Department),
        task_forces=everything(db, people_tables.task_forces, TaskForce),
        grids=everything(db, people_tables.grids, Grid),
        projects=everything(db, people_tables.projects, RegisteredProject),
        categories=everything(db, people_tables.categories, ParkCategory),
    )


class _Import:
    def __init__(self, db: Connection, book: Book, texts: Texts, watch: Watch) -> None:
        self._db, self._book, self._watch = db, book, watch
        self._remarks: list[Remark] = []
        self._counts: dict[Noun, Count] = {}
        self._rows = {sheet: self._drafts(sheet, texts) for sheet in Sheet}
        self._known = load(db)
        self._before = self._known.people
        self._listed: list[int] = []

    def run(self, rules: Rules) -> Report:
        steps: tuple[Callable[[], None], ...] = (
            self._departments,
            self._staff_and_enterprises,
            self._contacts,
            lambda: self._projects(rules),
            lambda: self._categories(rules),
        )
        for done, step in enumerate(steps, 1):
            step()
            self._watch(done, len(steps))
        order = {page.title: place for place, page in enumerate(self._book.pages.values())}
        self._remarks.sort(key=lambda one: (order[one.sheet], one.row, one.column or 0))
        counts = {noun: self._counts[noun] for noun in Noun if noun in self._counts}
        return Report(counts, tuple(self._remarks), self._book.unread, self._list_missing())

    def _list_missing(self) -> tuple[Person, ...]:
        """Who was registered before and stands on no row; nobody where no row could be read, or
        where a row was refused: it may be theirs."""
        refused = any(remark.refuses for remark in self._remarks)
        if refused or not self._listed:
            return ()
        listed = set(self._listed)
        here = (person for person in self._before if not person.has_left)
        return tuple(person for person in here if person.id not in listed)

    def _departments(self) -> None:
        found = self._collect_matches(sort_departments(self._rows[Sheet.DEPARTMENTS], self._known))
        self._write(Noun.DEPARTMENTS, Department, people_tables.departments, found)
        self._known = load(self._db)

    def _staff_and_enterprises(self) -> None:
        staff = self._collect_matches(sort_staff(self._rows[Sheet.PEOPLE], self._known))
        forces = self._task_forces(staff)
        people = self._write(Noun.STAFF, Person, people_tables.people, staff, forces)
        self._listed += [person.id for person in people]
        self._known = load(self._db)
        firms = self._collect_matches(sort_enterprises(self._rows[Sheet.ENTERPRISES], self._known))
        grids = self._grids(firms, list(zip(people, staff, strict=True)))
        self._write(Noun.ENTERPRISES, Enterprise, people_tables.enterprises, firms, grids)
        self._known = load(self._db)

    def _contacts(self) -> None:
        found = self._collect_matches(sort_contacts(self._rows[Sheet.PEOPLE], self._known))
        written = self._write(Noun.CONTACTS, Person, people_tables.people, found)
        self._listed += [person.id for person in written]

    def _projects(self, rules: Rules) -> None:
        found = self._collect_matches(sort_projects(self._rows[Sheet.PROJECTS], self._known))
        forces = self._task_forces(found)
        before = {match.found for match in found if match.found}
        written = self._write(
            Noun.PROJECTS, RegisteredProject, people_tables.projects, found, forces
        )
        planned = zip(written, found, strict=True)
        replanned = [
            project
            for project, match in planned
            if plan(self._db, project, match.plan, rules.calendar)
        ]
        # A project that is as it was, but whose plan is not, has changed.
        changed = len(before.intersection(replanned))
        self._add(Noun.PROJECTS, Count(changed=changed, same=-changed))

    def _categories(self, rules: Rules) -> None:
        rows = self._rows[Sheet.CATEGORIES]
        found = sort_categories(rows, self._known, rules.service_levels, rules.keywords)
        self._write(
            Noun.CATEGORIES, ParkCategory, people_tables.categories, self._collect_matches(found)
        )

    def _drafts(self, sheet: Sheet, texts: Texts) -> list[Draft]:
        if sheet not in self._book.pages:
            return []
        good, remarks = drafts(self._book.pages[sheet], texts)
        self._remarks += remarks
        return good

    def _collect_matches(self, found: Sorted[T]) -> list[Match[T]]:
        self._remarks += found.remarks
        return found.matches

    def _write(
        self,
        noun: Noun,
        kind: type[T],
        table: Table,
        matches: Sequence[Match[T]],
        ids: Mapping[Named, int] | None = None,
    ) -> list[T]:
        """Insert and overwrite what differs; all values with their ids, in the rows' order."""
        values = [build_value(kind, match, ids or {}) for match in matches]
        new = [value for value in values if not value.id]
        changed = [
            value
            for value, match in zip(values, matches, strict=True)
            if value.id and value != match.found
        ]
        added = iter(add_all(self._db, table, new))
        save_all(self._db, table, changed)
        self._add(noun, Count(len(new), len(changed), len(values) - len(new) - len(changed)))
        return [value if value.id else next(added) for value in values]

    def _add(self, noun: Noun, count: Count) -> None:
        if count != Count():
            self._counts[noun] = self._counts.get(noun, Count()) + count

    def _task_forces(self, matches: Iterable[Match[Any]]) -> dict[Named, int]:
        known = {identity(task_force.name): task_force.id for task_force in self._known.task_forces}
        named = _collect_named(matches)
        missing = {key: mention for key, mention in named.items() if key not in known}
        new = [TaskForce(0, mention.name) for mention in missing.values()]
        added = add_all(self._db, people_tables.task_forces, new)
        self._add(Noun.TASK_FORCES, Count(new=len(added), same=len(named) - len(added)))
        self._known = replace(self._known, task_forces=[*self._known.task_forces, *added])
        ids = {identity(task_force.name): task_force.id for task_force in self._known.task_forces}
        return _ids(matches, ids)

    def _grids(
        self, firms: Iterable[Match[Any]], staff: Iterable[tuple[Person, Match[Person]]]
    ) -> dict[Named, int]:
        """Register the grids that are named, with the liaisons who take them."""
        takes = {
            identity(name): (name, person.id) for person, match in staff for name in match.grids
        }
        named = {key: mention.name for key, mention in _collect_named(firms).items()}
        named |= {key: name for key, (name, _) in takes.items()}
        known = {identity(grid.name): grid for grid in self._known.grids}
        matches = [
            Match(
                known.get(key),
                ({} if key in known else {"name": name})
                | ({"liaison_id": takes[key][1]} if key in takes else {}),
            )
            for key, name in named.items()
        ]
        written = self._write(Noun.GRIDS, Grid, people_tables.grids, matches)
        return _ids(firms, {identity(grid.name): grid.id for grid in written})


def _collect_named(matches: Iterable[Match[Any]]) -> dict[str, Named]:
    values = (value for match in matches for value in match.fields.values())
    return {identity(mention.name): mention for mention in values if isinstance(mention, Named)}


def _ids(matches: Iterable[Match[Any]], ids: Mapping[str, int]) -> dict[Named, int]:
    values = (value for match in matches for value in match.fields.values())
    return {
        mention: ids[identity(mention.name)] for mention in values if isinstance(mention, Named)
    }
