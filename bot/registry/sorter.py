"""Sorts the rows of a page: which are good, and what each changes."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, TypeVar

from bot.core.messages import Line, Refused
from bot.registry.drafts import Draft
from bot.registry.pages import Remark
from bot.registry.sheets import Column

T = TypeVar("T", bound=Any)
R = TypeVar("R")


@dataclass(frozen=True)
class Named:
    """A grid or a task force by its name: it is registered when somebody first names it."""

    name: str


@dataclass(frozen=True)
class Planned:
    """What a row says of a project's plan; None leaves who is there."""

    target: date
    steps: tuple[tuple[str, int], ...]
    leader_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True)
class Match(Generic[T]):
    """A good row: what was registered before, if anything, and the fields it sets.

    `grids` are those that the person of the row takes, `plan` by when the project of the row is
    to be done, and its steps.
    """

    found: T | None
    fields: Mapping[str, Any]
    grids: tuple[str, ...] = ()
    plan: Planned | None = None


@dataclass(frozen=True)
class Sorted(Generic[T]):
    """The good rows of a page, and why the others are not."""

    matches: list[Match[T]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


class Case:
    """One row under examination: its faults are gathered, so that one reading tells them all."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.remarks: list[Remark] = []

    def fault(self, column: Column | None, key: str, **values: object) -> None:
        """Something is wrong with the row."""
        self.remarks.append(self.draft.page.remark(self.draft.row, column, Line(key, values)))

    def attempt(self, column: Column, work: Callable[[], R]) -> R | None:
        """What the work gives; None, and the fault is noted, when it refuses."""
        try:
            return work()
        except Refused as no:
            self.remarks.append(
                self.draft.page.remark(self.draft.row, column, Line(no.key, no.values))
            )
            return None

    def id_of(self, column: Column, look_up: Callable[[str], Any]) -> dict[str, int | None]:
        """The field `<column>_id`, when the row says anything about it; empty means nobody."""
        if column not in self.draft.given:
            return {}
        written = self.draft.text(column)
        found = self.attempt(column, lambda: look_up(written)) if written else None
        return {f"{column}_id": found.id if found else None}

    def plain(self, fields: Mapping[str, Column]) -> dict[str, Any]:
        """The fields that are just what the row says."""
        given = self.draft.given
        return {name: given[column] for name, column in fields.items() if column in given}

    def build_named_field(self, column: Column) -> dict[str, Named | None]:
        """The field `<column>_id` of something that is registered when it is first named."""
        if column not in self.draft.given:
            return {}
        written = self.draft.text(column)
        return {f"{column}_id": Named(written) if written else None}


class Once:
    """Notices what an earlier row of the page said already."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, int] = {}

    def earlier(self, draft: Draft, key: Hashable) -> int | None:
        """The earlier row with this key; None, and it is noted, when this is the first."""
        first = self._rows.setdefault(key, draft.row)
        return None if first == draft.row else first


def sort_out(drafts: Iterable[Draft], decide: Callable[[Case], Match[T]]) -> Sorted[T]:
    """Decide about each row; a row with any fault is not taken."""
    found: Sorted[T] = Sorted()
    for draft in drafts:
        case = Case(draft)
        match = decide(case)
        found.remarks.extend(case.remarks)
        if not case.remarks:
            found.matches.append(match)
    return found


def build_value(kind: type[T], match: Match[T], ids: Mapping[Named, int]) -> T:
    """The value that a good row asks for; id 0 where it is new. `ids` are the named things'."""
    fields = {
        name: ids[value] if isinstance(value, Named) else value
        for name, value in match.fields.items()
    }
    value: T = kind(id=0, **fields) if match.found is None else replace(match.found, **fields)
    return value
