"""Rooms of issues, and what platforms call our places, on both databases."""

from sqlalchemy import Connection

from bot.core.messages import Address
from bot.core.people import Role
from storage.database import Database
from storage.delivery import places, threads
from storage.delivery.places import Place
from storage.issues import issues, rooms
from storage.issues.rooms import Room
from storage.people import people
from tests.storage.rows import a_thread, an_issue

HERE = Address("telegram", "-100/YZ-20241014-001")


def _issue(db: Connection) -> int:
    return issues.add(db, an_issue(a_thread(db)))


def test_an_issue_has_one_room(database: Database) -> None:
    with database.write() as db:
        issue = _issue(db)
        assert rooms.by_issue(db, issue) is None
        made = rooms.add(db, HERE, issue)
        assert rooms.add(db, HERE, issue) == made
        assert rooms.by_issue(db, issue) == rooms.by_thread(db, made.thread_id) == made
        assert threads.get(db, made.thread_id).address == HERE
        assert threads.get(db, made.thread_id).person_id is None
        rooms.close(db, made, closed=True)
        assert rooms.by_issue(db, issue) == Room(made.thread_id, issue, closed=True)
        rooms.close(db, made, closed=False)
        assert rooms.by_issue(db, issue) == made


def test_a_colleague_is_known_by_their_own_talk(database: Database) -> None:
    with database.write() as db:
        zhao = people.add_person(db, "赵敏之", Role.LIAISON)
        wang = people.add_person(db, "王芳", Role.CONTACT)
        threads.open_thread(db, Address("telegram", "1"), zhao)
        threads.open_thread(db, Address("telegram", "2"), wang)
        threads.open_thread(db, Address("telegram", "3"), None)
        found = [threads.is_colleague(db, Address("telegram", user)) for user in "1234"]
        assert found == [True, False, False, False]


def test_places_are_found_by_either_name(database: Database) -> None:
    with database.write() as db:
        assert places.by_name(db, "telegram", "-1") is None
        places.keep(db, Place("telegram", "-1", "-100"))
        places.keep(db, Place("telegram", "-1/a", "45"))
        places.keep(db, Place("telegram", "-2/b", "45"))
        places.keep(db, Place("wecom", "@chat", "45"))
        assert [place.name for place in places.list_places_at(db, "telegram", "45")] == [
            "-1/a",
            "-2/b",
        ]
        places.keep(db, Place("telegram", "-1/a", "46", shut=True))
        assert places.by_name(db, "telegram", "-1/a") == Place("telegram", "-1/a", "46", shut=True)
        assert [place.name for place in places.list_places_at(db, "telegram", "45")] == ["-2/b"]
