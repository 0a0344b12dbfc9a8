"""What a workbook of the registry holds: its sheets and their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sheet(StrEnum):
    """A sheet, by the noun that its rows are."""

    ENTERPRISES = "enterprises"
    PEOPLE = "people"
    DEPARTMENTS = "departments"
    CATEGORIES = "categories"
    PROJECTS = "projects"


class Column(StrEnum):
    """A column; the same heading means the same on every sheet."""

    ENTERPRISE = "enterprise"
    CODE = "code"
    ALIASES = "aliases"
    PARK = "park"
    GRID = "grid"
    TAGS = "tags"
    ADDRESS = "address"
    LIAISON = "liaison"
    DEPUTY = "deputy"
    DEPARTMENT = "department"
    LEADER = "leader"
    RESIDENCE = "residence"
    PERSON = "person"
    ROLE = "role"
    PHONE = "phone"
    TASK_FORCE = "task_force"
    CATEGORY = "category"
    SERVICE_LEVEL = "promise"
    WORDS = "words"
    PROJECT = "project"
    TARGET = "target"
    STEPS = "steps"


class CellKind(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    NAME = "name"  # gaps that only pad it go
    NAMES = "names"
    LIST = "list"  # several, with a separator between them
    CODE = "code"
    PHONE = "phone"
    ROLE = "role"
    DAY = "day"
    RESIDENCE = "residence"
    STEPS = "steps"


KINDS = {
    Column.ENTERPRISE: CellKind.NAME,
    Column.PERSON: CellKind.NAME,
    Column.LIAISON: CellKind.NAME,
    Column.DEPUTY: CellKind.NAME,
    Column.LEADER: CellKind.NAME,
    Column.DEPARTMENT: CellKind.NAME,
    Column.TASK_FORCE: CellKind.NAME,
    Column.PROJECT: CellKind.NAME,
    Column.CATEGORY: CellKind.NAME,
    Column.ALIASES: CellKind.NAMES,
    Column.TAGS: CellKind.LIST,
    Column.WORDS: CellKind.LIST,
    Column.CODE: CellKind.CODE,
    Column.PHONE: CellKind.PHONE,
    Column.ROLE: CellKind.ROLE,
    Column.TARGET: CellKind.DAY,
    Column.RESIDENCE: CellKind.RESIDENCE,
    Column.STEPS: CellKind.STEPS,
}
"""Every other column is plain text."""
LONGEST = {
    Column.ENTERPRISE: 200,
    Column.PROJECT: 200,
    Column.ADDRESS: 300,
    Column.ALIASES: 1000,
    Column.TAGS: 1000,
    Column.WORDS: 5000,
    Column.STEPS: 1000,
    Column.CATEGORY: 40,
    Column.SERVICE_LEVEL: 40,
}
"""Characters of a cell; 100 in any other column. The tables hold no more."""


@dataclass(frozen=True)
class Layout:
    """The columns of a sheet, in order; the first `needed` of them must be there and filled in.

    Where `optional`, a workbook may lack the sheet.
    """

    columns: tuple[Column, ...]
    needed: int = 1
    optional: bool = False

    @property
    def mandatory_columns(self) -> tuple[Column, ...]:
        """The columns without which a row says nothing."""
        return self.columns[: self.needed]


LAYOUTS: Mapping[Sheet, Layout] = {
    Sheet.ENTERPRISES: Layout(
        (
            *(Column.ENTERPRISE, Column.CODE, Column.ALIASES, Column.PARK, Column.GRID),
            *(Column.TAGS, Column.ADDRESS, Column.LIAISON, Column.DEPUTY, Column.DEPARTMENT),
            *(Column.LEADER, Column.RESIDENCE),
        )
    ),
    Sheet.PEOPLE: Layout(
        (
            *(Column.PERSON, Column.ROLE, Column.PHONE, Column.ENTERPRISE, Column.DEPARTMENT),
            *(Column.TASK_FORCE, Column.GRID),
        ),
        needed=2,
    ),
    Sheet.DEPARTMENTS: Layout((Column.DEPARTMENT, Column.PHONE)),
    Sheet.CATEGORIES: Layout(
        (Column.CATEGORY, Column.DEPARTMENT, Column.SERVICE_LEVEL, Column.WORDS)
    ),
    Sheet.PROJECTS: Layout(
        (
            *(Column.PROJECT, Column.ENTERPRISE, Column.TASK_FORCE, Column.LEADER),
            *(Column.DEPARTMENT, Column.TARGET, Column.STEPS),
        ),
        needed=2,
        optional=True,
    ),
}
