"""Who takes part: people, their roles and the enterprises they speak or answer for."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the park; decides which routes answer them."""

    CONTACT = "contact"
    LIAISON = "liaison"
    DEPARTMENT = "department"
    TASK_FORCE = "task_force"
    LEADER = "leader"
    OFFICE = "office"  # runs the duty desk (值班台)


STAFF = frozenset(Role) - {Role.CONTACT}
OWNERS = frozenset({Role.LIAISON, Role.DEPARTMENT, Role.TASK_FORCE, Role.OFFICE})
"""Roles that may hold an issue."""


@dataclass(frozen=True)
class Person:
    """Somebody the bot knows by name. `phone` may be empty."""

    id: int
    name: str
    role: Role
    phone: str = ""
    enterprise_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True)
class Enterprise:
    """A firm of the park and who answers for it; `None` where nobody is named yet."""

    id: int
    name: str
    liaison_id: int | None = None
    deputy_id: int | None = None


@dataclass(frozen=True)
class Department:
    """A department of the park that may hold issues."""

    id: int
    name: str
