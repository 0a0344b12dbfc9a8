"""A name is found however it is padded, in rolls of old too."""

import pytest

from bot.core.names.colleagues import find_colleagues
from bot.core.people import Role
from storage.database import Database
from storage.people import people


@pytest.mark.parametrize("kept", ["李四", "李 四", "李　四"])
@pytest.mark.parametrize("typed", ["李四", "李 四", " 李　四", "李\u00a0四"])
def test_gaps_in_a_name_are_no_matter(database: Database, kept: str, typed: str) -> None:
    with database.write() as db:
        liaison = people.add_person(db, kept, Role.LIAISON)
        people.add_person(db, "李四光", Role.LIAISON)
        contact = people.add_person(db, kept, Role.CONTACT)
        firm = people.add_enterprise(db, f"{kept}公司")
        department = people.add_department(db, f"{kept}部")
        assert [person.id for person in people.list_staff_named(db, typed)] == [liaison]
        assert getattr(people.contact_named(db, typed), "id", None) == contact
        assert getattr(people.enterprise_named(db, f"{typed}公司"), "id", None) == firm
        assert getattr(people.department_named(db, f"{typed}部"), "id", None) == department
        found = find_colleagues(typed, people.of_role(db, Role.LIAISON))
    assert [person.id for person in found] == [liaison]
