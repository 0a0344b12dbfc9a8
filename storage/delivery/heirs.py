"""Finds where words for somebody go who is on no phone, or on none any more."""

from sqlalchemy import Connection

from bot.core.people import Role
from storage.delivery import threads
from storage.delivery.threads import Thread
from storage.people import people


def find_heirs(db: Connection, person_id: int) -> list[Thread]:
    """Where a person is written to. On no phone: of a firm's contact who has left or lost theirs
    the others of the firm; else the duty desk, which also has what nobody has taken yet of a
    colleague who left."""
    own = threads.of_person(db, person_id)
    if own is not None:
        return [own]
    person = people.by_id(db, person_id)
    found: list[Thread] = []
    if person is not None and person.role is Role.CONTACT and person.enterprise_id:
        found = threads.of_enterprise(db, person.enterprise_id)
    return found or threads.of_role(db, Role.OFFICE)
