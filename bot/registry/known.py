"""What is registered already, and how the rows of a file find it again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rapidfuzz import fuzz, process

from bot.core.messages import Refused
from bot.core.people import Department, Enterprise, Person, Role
from bot.core.register import Grid, ParkCategory, RegisteredProject, TaskForce
from bot.registry.cells import identity
from bot.registry.pages import NEAR

T = TypeVar("T", bound=Any)
_WITH_PHONE = re.compile(r"(?P<name>.*?)[\s（(]*(?P<phone>[\d-]{7,})[)）]?")


@dataclass(frozen=True)
class Known:
    """Everything that is registered at one moment."""

    people: Sequence[Person] = ()
    enterprises: Sequence[Enterprise] = ()
    departments: Sequence[Department] = ()
    task_forces: Sequence[TaskForce] = ()
    grids: Sequence[Grid] = ()
    projects: Sequence[RegisteredProject] = ()
    categories: Sequence[ParkCategory] = ()

    @property
    def staff(self) -> list[Person]:
        """Everyone but the enterprises' contacts who has not left."""
        return [person for person in self.colleagues if not person.has_left]

    @property
    def colleagues(self) -> list[Person]:
        """Everyone but the enterprises' contacts, also who has left."""
        return [person for person in self.people if person.role is not Role.CONTACT]


class Names(Generic[T]):
    """Finds a value by one of its names, and what is near when there is none."""

    def __init__(self, values: Iterable[T], *, also: str = "") -> None:
        self._values: dict[str, list[T]] = {}
        self._shown: list[str] = []
        self._near: dict[str, str | None] = {}
        for value in values:
            self._shown.append(value.name)
            for name in (value.name, *(getattr(value, also) if also else ())):
                self._values.setdefault(identity(name), []).append(value)

    def all(self, name: str) -> list[T]:
        """Everything of this name."""
        return self._values.get(identity(name), [])

    def one(self, name: str) -> T | None:
        """The first of this name, or None."""
        return next(iter(self.all(name)), None)

    def near(self, name: str) -> str | None:
        """The name most like it, when any is much like it."""
        if name not in self._near:
            best = process.extractOne(name, self._shown, scorer=fuzz.ratio, score_cutoff=NEAR)
            self._near[name] = best[0] if best else None
        return self._near[name]

    def look_up_name(self, name: str) -> T:
        """The value of this name. Raises Refused, which suggests another."""
        found = self.one(name)
        if found is None:
            near = self.near(name)
            key = "registry.row.unknown_near" if near else "registry.row.unknown"
            raise Refused(key, name=name, near=near) if near else Refused(key, name=name)
        return found


class Staff:
    """Finds who is meant by a name, or by a name and a phone number (`张伟 13900000001`)."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._names = Names(people)

    def look_up_name(self, written: str, roles: frozenset[Role]) -> Person:
        """The one person of this name who has one of the roles. Raises Refused."""
        found = self._names.all(written)
        if not found and (parts := _WITH_PHONE.fullmatch(written)) and parts["name"]:
            found = self._names.all(parts["name"])
            found = [person for person in found if person.phone == parts["phone"]]
        if not found:
            self._names.look_up_name(written)
        able = [person for person in found if person.role in roles]
        if not able:
            raise Refused("registry.row.wrong_role", name=written, role=found[0].role)
        if len(able) > 1:
            raise Refused("registry.row.namesakes", name=written)
        return able[0]
