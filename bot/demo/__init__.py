"""The demo park: invented firms and people, written once into an empty database."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.core.messages import Address
from bot.core.people import Role
from storage.delivery import threads
from storage.people import enterprises, people

CHANNEL = "local"


@dataclass(frozen=True)
class Phone:
    """One phone of the demo park: its address on the local channel and whose it is."""

    handle: str
    name: str
    role: Role | None
    enterprise: str = ""


@cache
def phones() -> tuple[Phone, ...]:
    """Every phone, staff first, in the order of the file."""
    park = _park()
    staff = [
        Phone(member["handle"], member["name"], Role(member["role"])) for member in park["staff"]
    ]
    contacts = [
        Phone(contact["handle"], contact["name"], Role.CONTACT, firm["name"])
        for firm in park["enterprises"]
        for contact in firm["contacts"]
    ]
    strangers = [
        Phone(stranger["handle"], stranger["name"], None) for stranger in park["strangers"]
    ]
    return (*staff, *contacts, *strangers)


def settle(db: Connection) -> bool:
    """Write the park into an empty database; False when somebody lives there already."""
    if not people.is_empty(db):
        return False
    park = _park()
    departments = {name: people.add_department(db, name) for name in park["departments"]}
    staff = {member["handle"]: _staff(db, member, departments) for member in park["staff"]}
    grids = {
        name: enterprises.add_grid(db, name, liaison_id=staff[handle])
        for name, handle in park["grids"].items()
    }
    for firm in park["enterprises"]:
        _enterprise(db, firm, staff, grids)
    return True


def _staff(db: Connection, one: dict[str, Any], departments: dict[str, int]) -> int:
    department = departments.get(one.get("department", ""))
    person = people.add_person(
        db, one["name"], Role(one["role"]), phone=one["phone"], department_id=department
    )
    threads.open_thread(db, Address(CHANNEL, one["handle"]), person)
    return person


def _enterprise(
    db: Connection, firm: dict[str, Any], staff: dict[str, int], grids: dict[str, int]
) -> None:
    enterprise = people.add_enterprise(
        db,
        firm["name"],
        code=firm["code"],
        aliases=tuple(firm["aliases"]),
        tags=tuple(firm["tags"]),
        address=firm["address"],
        grid_id=grids[firm["grid"]],
        liaison_id=staff[firm["liaison"]],
        deputy_id=staff[firm["deputy"]],
        leader_id=staff[firm["leader"]],
    )
    for contact in firm["contacts"]:
        person = people.add_person(
            db, contact["name"], Role.CONTACT, phone=contact["phone"], enterprise_id=enterprise
        )
        threads.open_thread(db, Address(CHANNEL, contact["handle"]), person)


@cache
def _park() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("park.toml").read_text(encoding="utf-8"))
