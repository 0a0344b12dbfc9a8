"""Who is away and who helps is kept the same way on both databases."""

from datetime import date, timedelta

from sqlalchemy import Connection

from bot.core.issues.issue import Issue, Status
from bot.core.people import Role
from storage.database import Database
from storage.issues import access, helpers, issues, loads
from storage.people import absences, people
from tests.storage.rows import NOW, a_thread, an_issue

MONDAY = date(2024, 10, 14)


def a_liaison(db: Connection, name: str = "赵敏之") -> int:
    return people.add_person(db, name, Role.LIAISON)


def add_issue(db: Connection, owner: int | None, number: str, **fields: object) -> Issue:
    draft = an_issue(a_thread(db), number, owner_id=owner, **fields)
    return issues.get(db, issues.add(db, draft))


def test_somebody_is_away_from_the_first_day_to_the_last(database: Database) -> None:
    with database.write() as db:
        one, other = a_liaison(db), a_liaison(db, "钱书远")
        wednesday = MONDAY + timedelta(days=2)
        absence = absences.enter(db, one, MONDAY, wednesday, other, one)
        days = [MONDAY + timedelta(days=n) for n in (-1, 0, 2, 3)]
        away = [absences.away_on(db, day) for day in days]
        assert away == [{}, {one: other}, {one: other}, {}]
        assert absences.open_of(db, one) == [absence]
        assert absences.open_of(db, other) == []


def test_the_last_word_counts(database: Database) -> None:
    with database.write() as db:
        one, other = a_liaison(db), a_liaison(db, "钱书远")
        absences.enter(db, one, MONDAY, MONDAY, other, one)
        absences.enter(db, one, MONDAY, MONDAY, None, one)
        assert absences.away_on(db, MONDAY) == {one: None}


def test_an_absence_begins_once_and_ends_once(database: Database) -> None:
    with database.write() as db:
        one = a_liaison(db)
        absence = absences.enter(db, one, MONDAY, MONDAY, None, one)
        later = MONDAY + timedelta(days=1)
        assert absences.to_begin(db, MONDAY - timedelta(days=1)) == []
        assert absences.to_begin(db, MONDAY) == [absence]
        absences.change(db, absence.id, begun_at=NOW)
        assert absences.to_begin(db, later) == []
        assert absences.to_end(db, MONDAY) == []
        assert [found.id for found in absences.to_end(db, later)] == [absence.id]
        absences.change(db, absence.id, ended_at=NOW)
        assert absences.to_end(db, later) == []
        assert absences.away_on(db, MONDAY) == {}


def test_a_helper_sees_the_issue_as_long_as_they_help(database: Database) -> None:
    with database.write() as db:
        owner, helper = a_liaison(db), a_liaison(db, "周电工")
        issue = add_issue(db, owner, "YZ-20241014-001")
        helpers.add(db, issue.id, helper)
        helpers.add(db, issue.id, helper)
        assert [person.name for person in helpers.helpers(db, issue.id)] == ["周电工"]
        assert helpers.helps(db, issue.id, helper)
        assert issues.visible(db, issue.id, access.is_visible_to_staff(helper)) == issue
        assert issues.open_among(db, access.is_held_by(helper)) == []
        assert helpers.remove(db, issue.id, helper)
        assert not helpers.remove(db, issue.id, helper)
        assert issues.visible(db, issue.id, access.is_visible_to_staff(helper)) is None
        assert issues.visible(db, issue.id, access.is_visible_to_staff(owner)) == issue


def test_only_what_is_still_owed_is_a_load(database: Database) -> None:
    with database.write() as db:
        one, other = a_liaison(db), a_liaison(db, "钱书远")
        add_issue(db, one, "YZ-20241014-001")
        add_issue(db, one, "YZ-20241014-002", status=Status.WAITING)
        add_issue(db, one, "YZ-20241014-003", status=Status.CLOSED)
        add_issue(db, None, "YZ-20241014-004")
        assert loads.open_of(db, one) == 2
        assert loads.open_by(db, [one, other]) == {one: 2, other: 0}


def test_what_is_held_and_what_is_offered_changes_hands(database: Database) -> None:
    with database.write() as db:
        one, other = a_liaison(db), a_liaison(db, "钱书远")
        mine = add_issue(db, one, "YZ-20241014-001")
        waiting = add_issue(db, other, "YZ-20241014-002", offered_to=one)
        add_issue(db, one, "YZ-20241014-003", status=Status.RESOLVED)
        add_issue(db, other, "YZ-20241014-004")
        assert loads.list_held_or_offered(db, one) == [mine, waiting]
