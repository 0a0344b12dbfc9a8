"""Who takes part: people, their roles and the enterprises they speak or answer for."""

from dataclasses import dataclass
from datetime import datetime
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


class Residence(StrEnum):
    """Whether a firm is still in the park. Of one that is gone the past stays as it was; nothing
    new is planned with it."""

    HERE = "here"
    CLOSED = "closed"
    MOVED = "moved"


@dataclass(frozen=True)
class Person:
    """Somebody the bot knows by name. `phone` may be empty. `ended_at` (UTC): they work for the
    park or speak for their firm no more (离岗), and `successor_id` has what they had."""

    id: int
    name: str
    role: Role
    phone: str = ""
    enterprise_id: int | None = None
    department_id: int | None = None
    task_force_id: int | None = None
    ended_at: datetime | None = None
    successor_id: int | None = None

    @property
    def has_left(self) -> bool:
        """Whether nothing of theirs counts any more: no verb, button, menu or link."""
        return self.ended_at is not None


@dataclass(frozen=True)
class Enterprise:
    """A firm of the park and who answers for it; `None` where nobody is named yet.

    `code` is the 统一社会信用代码 (GB 32100-2015), `leader_id`, `department_id` and `liaison_id`
    are the parks' 一名领导、一个单位、一名干部.
    """

    id: int
    name: str
    liaison_id: int | None = None
    deputy_id: int | None = None
    department_id: int | None = None
    leader_id: int | None = None
    grid_id: int | None = None
    code: str | None = None
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    park: str = ""
    address: str = ""
    residence: Residence = Residence.HERE

    @property
    def has_left(self) -> bool:
        """Whether it has closed or left the park."""
        return self.residence is not Residence.HERE


@dataclass(frozen=True)
class Department:
    """A department of the park that may hold issues."""

    id: int
    name: str
    phone: str = ""
