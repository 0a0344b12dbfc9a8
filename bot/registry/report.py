"""What an import is checked against, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.days.working_calendar import OFFICIAL, Calendar
from bot.core.messages import Line
from bot.core.people import Person
from bot.registry.pages import Remark


class Noun(StrEnum):
    """What a file brings, in the order in which it is taken in."""

    DEPARTMENTS = "departments"
    STAFF = "staff"
    ENTERPRISES = "enterprises"
    CONTACTS = "contacts"
    PROJECTS = "projects"
    CATEGORIES = "categories"
    GRIDS = "grids"
    TASK_FORCES = "task_forces"


@dataclass(frozen=True)
class Count:
    """How many were new, changed, and just as before."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.new + other.new, self.changed + other.changed, self.same + other.same)


@dataclass(frozen=True)
class Rules:
    """What the file is checked against besides the registry: the ids of service levels, which
    category of the taxonomy has a keyword (folded), and the calendar projects are planned on."""

    service_levels: Collection[str] = ("default",)
    keywords: Mapping[str, str] = field(default_factory=dict)
    calendar: Calendar = OFFICIAL


@dataclass(frozen=True)
class Report:
    """What came of a file: counts, remarks in the order of its sheets and rows, what of it nobody
    reads, and who is registered but `missing` in it: nobody leaves because a row does."""

    counts: Mapping[Noun, Count]
    remarks: tuple[Remark, ...]
    unread: tuple[Line, ...]
    missing: tuple[Person, ...] = ()

    @property
    def refusal_count(self) -> int:
        """How many rows were not taken."""
        return len({(remark.sheet, remark.row) for remark in self.remarks if remark.refuses})

    @property
    def changes(self) -> bool:
        """Whether anything is other than before."""
        return any(count.new or count.changed for count in self.counts.values())
