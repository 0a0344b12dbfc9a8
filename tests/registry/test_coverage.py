"""The enterprises that nobody answers for, or that have fallen silent."""

from datetime import timedelta

from bot.core.messages import Address
from bot.core.people import Role
from bot.core.register import SILENT_DAYS, Lack
from storage.database import Database
from storage.delivery import threads
from storage.people import enterprises, people
from storage.reports import coverage
from tests.storage.rows import NOW

LONG_AGO = NOW - timedelta(days=SILENT_DAYS, seconds=1)


def test_what_each_enterprise_lacks(database: Database) -> None:
    with database.write() as db:
        one = people.add_person(db, "赵敏之", Role.LIAISON)
        grid = enterprises.add_grid(db, "东区", liaison_id=one)
        empty = enterprises.add_grid(db, "西区")
        served = {"deputy_id": one, "leader_id": one}
        firms = [
            people.add_enterprise(db, "甲", liaison_id=one, **served),
            people.add_enterprise(db, "乙", liaison_id=one, **served),
            people.add_enterprise(db, "丙", grid_id=grid, deputy_id=one),
            people.add_enterprise(db, "丁", grid_id=empty, leader_id=one),
        ]
        for firm, times in zip(firms, [(LONG_AGO, NOW), (LONG_AGO,), (NOW,), ()], strict=True):
            for number, heard in enumerate(times):
                person = people.add_person(db, "联系人", Role.CONTACT, enterprise_id=firm)
                address = Address("local", f"{firm}-{number}")
                threads.open_thread(db, address, person)
                threads.mark_heard(db, address, heard)
        gaps = coverage.gaps(db, NOW)
        assert coverage.count(db) == 4
    assert [(gap.name, set(gap.lacks), gap.heard_at) for gap in gaps] == [
        ("乙", {Lack.WORD}, LONG_AGO),
        ("丙", {Lack.LEADER}, NOW),
        ("丁", {Lack.LIAISON, Lack.DEPUTY, Lack.WORD}, None),
    ]
    assert coverage.totals(gaps) == {"liaison": 1, "deputy": 1, "leader": 1, "word": 2}


def test_a_message_of_the_staff_is_no_word_of_the_enterprise(database: Database) -> None:
    with database.write() as db:
        firm = people.add_enterprise(db, "甲")
        liaison = people.add_person(db, "赵敏之", Role.LIAISON, enterprise_id=firm)
        threads.open_thread(db, Address("local", "zhao"), liaison)
        threads.mark_heard(db, Address("local", "zhao"), NOW)
        (gap,) = coverage.gaps(db, NOW)
    assert Lack.WORD in gap.lacks
