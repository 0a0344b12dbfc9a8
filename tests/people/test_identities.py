"""One person on several phones: where they are written to, and what waits for them where."""

from datetime import timedelta

from sqlalchemy import Connection

from bot.core.issues.issue import Status
from bot.core.messages import Address
from bot.core.people import Role
from storage.database import Database
from storage.delivery import outbox, threads
from storage.issues import issues
from storage.people import people
from tests.delivery import outbox_rows
from tests.storage.rows import NOW, a_parcel, an_issue

LEASE = timedelta(seconds=60)


def two_phones(db: Connection, role: Role = Role.LIAISON, firm: int | None = None) -> list[int]:
    """The threads of one person, who wrote on the second an hour after the first."""
    person = people.add_person(db, "赵敏之", role, enterprise_id=firm)
    made = []
    for hour, channel in enumerate(("wecom", "telegram")):
        thread = threads.open_thread(db, Address(channel, f"zhao-{person}"), person)
        threads.change(db, thread.id, heard_at=NOW + timedelta(hours=hour))
        made.append(thread.id)
    return made


def test_home_is_where_they_last_answered(database: Database) -> None:
    with database.write() as db:
        first, second = two_phones(db)
        assert threads.home(db, threads.get(db, first)).id == second
        threads.change(db, second, left_at=NOW)
        assert threads.home(db, threads.get(db, second)).id == first
        threads.change(db, first, left_at=NOW)
        assert threads.home(db, threads.get(db, second)).id == second, "nowhere else: it waits"


def test_a_stranger_is_at_home_where_they_wrote(database: Database) -> None:
    with database.write() as db:
        one = threads.mark_heard(db, Address("wechat", "o-1"), NOW)
        threads.mark_heard(db, Address("wechat", "o-2"), NOW + LEASE)
        assert threads.home(db, one).id == one.id


def test_a_firm_s_contact_is_written_to_once(database: Database) -> None:
    with database.write() as db:
        firm = people.add_enterprise(db, "甲公司")
        _, second = two_phones(db, Role.CONTACT, firm)
        assert [thread.id for thread in threads.of_enterprise(db, firm)] == [second]


def test_who_has_left_everywhere_is_still_somebody(database: Database) -> None:
    with database.write() as db:
        for thread in two_phones(db, Role.OFFICE):
            threads.change(db, thread, left_at=NOW)
        assert len(threads.of_role(db, Role.OFFICE)) == 1


def test_what_was_held_on_one_phone_comes_out_on_the_other_first(database: Database) -> None:
    with database.write() as db:
        first, second = two_phones(db)
        a_parcel(db, first, "held")
        outbox.hold(
            db, [parcel.id for parcel in outbox_rows.claim(db, NOW, LEASE, 9)], NOW, "delivery.left"
        )
        a_parcel(db, second, "fresh")
        outbox.bring_here(db, second, threads.get(db, second).person_id)
        found = outbox_rows.claim(db, NOW, LEASE, 9)
    assert [(parcel.text, parcel.thread_id) for parcel in found] == [
        ("held", second),
        ("fresh", second),
    ]


def test_another_s_words_stay_where_they_are(database: Database) -> None:
    with database.write() as db:
        mine, _ = two_phones(db)
        theirs, other = two_phones(db)
        a_parcel(db, theirs, "held")
        outbox.hold(
            db, [parcel.id for parcel in outbox_rows.claim(db, NOW, LEASE, 9)], NOW, "delivery.left"
        )
        stranger = threads.mark_heard(db, Address("wechat", "o-1"), NOW)
        for thread, person in ((mine, threads.get(db, mine).person_id), (stranger.id, None)):
            outbox.bring_here(db, thread, person)
        assert outbox_rows.claim(db, NOW, LEASE, 9) == []
        outbox.bring_here(db, other, threads.get(db, other).person_id)
        assert [parcel.text for parcel in outbox_rows.claim(db, NOW, LEASE, 9)] == ["held"]


def test_waiting_for_ourselves_is_no_try(database: Database) -> None:
    with database.write() as db:
        first, _ = two_phones(db)
        a_parcel(db, first, "with a picture")
        for _ in range(3):
            (found,) = outbox_rows.claim(db, NOW, LEASE, 9)
            assert found.attempts == 1
            outbox.put_off(db, [found.id], NOW, "delivery.picture_waits: ", counted=False)


def test_an_issue_is_found_from_the_other_phone(database: Database) -> None:
    with database.write() as db:
        first, second = two_phones(db, Role.CONTACT)
        number = issues.add(db, an_issue(first, status=Status.WAITING))
        person = threads.get(db, second).person_id
        found = issues.latest_of_contact(db, second, person, Status.WAITING)
        assert found is not None
        assert found.id == number
        assert issues.latest_of_contact(db, second, None, Status.WAITING) is None
