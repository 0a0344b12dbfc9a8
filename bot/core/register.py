"""What the office registers besides people and firms, and what it has left out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Grid:
    """A part of the park; its liaison takes what has no liaison of its own."""

    id: int
    name: str
    liaison_id: int | None = None


@dataclass(frozen=True)
class TaskForce:
    """People (Person.task_force_id) who stand together behind one or more projects."""

    id: int
    name: str


@dataclass(frozen=True)
class RegisteredProject:
    """Something an enterprise builds, and the task force behind it."""

    id: int
    name: str
    enterprise_id: int
    task_force_id: int | None = None


@dataclass(frozen=True)
class ParkCategory:
    """What the office wrote for a category, by name: it goes before the taxonomy.

    `service_level` is an id of the settings. None, "default" and () say nothing of their own: there
    the taxonomy's holds.
    """

    id: int
    name: str
    department_id: int | None = None
    service_level: str = "default"
    words: tuple[str, ...] = ()


class Lack(StrEnum):
    """What an enterprise has not got."""

    LIAISON = "liaison"  # neither its own nor one of its grid
    DEPUTY = "deputy"
    LEADER = "leader"
    WORD = "word"  # no contact has written for SILENT_DAYS


SILENT_DAYS = 30
"""Days after which an enterprise that has not written is worth a call."""


@dataclass(frozen=True)
class Gap:
    """An enterprise that lacks something; `heard_at` is its contacts' last message, if any."""

    enterprise_id: int
    name: str
    lacks: frozenset[Lack]
    heard_at: datetime | None
