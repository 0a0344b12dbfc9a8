"""Finds whom a name on the command line means, and asks where it is not clear."""

from collections.abc import Sequence

from rapidfuzz import process
from sqlalchemy import Connection

from bot.commands.terminal.words import fail, say, words
from bot.core.people import Enterprise, Person
from storage.people import people

NEAR, LEAST = 3, 30.0
"""How many similar names are shown, and from which likeness (of 100) on."""


def the_person(db: Connection, name: str) -> Person:
    """The member of the staff of exactly this name."""
    found = people.list_staff_named(db, name.strip())
    if not found:
        fail(words("qr.no_person", name=name))
    return found[_ask_which([f"{person.name} {person.phone}" for person in found])]


def the_enterprise(db: Connection, name: str) -> Enterprise:
    """The firm of exactly this name, else the one that has it in its own; nearest names else."""
    exact = people.enterprise_named(db, name.strip())
    if exact:
        return exact
    everyone = people.all_enterprises(db)
    if not everyone:
        fail(words("qr.no_enterprises"))
    found = [
        enterprise for enterprise in everyone if name.strip() and name.strip() in enterprise.name
    ]
    if not found:
        near = process.extract(
            name, [enterprise.name for enterprise in everyone], limit=NEAR, score_cutoff=LEAST
        )
        listed = "\n".join(row[0] for row in near)
        fail(words("qr.near", name=name, near=listed) if near else words("qr.unknown", name=name))
    return found[_ask_which([enterprise.name for enterprise in found])]


def _ask_which(names: Sequence[str]) -> int:
    """Which of several is meant; asked at the terminal, refused where nobody can answer."""
    if len(names) == 1:
        return 0
    listed = "\n".join(f"{number} {name}" for number, name in enumerate(names, start=1))
    say(words("qr.which", names=listed))
    try:
        answer = input().strip()
    except EOFError:
        answer = ""
    if answer not in {str(number) for number in range(1, len(names) + 1)}:
        fail(words("qr.no_choice"))
    return int(answer) - 1
