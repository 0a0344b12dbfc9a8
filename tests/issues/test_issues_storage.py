"""Issues are numbered without gaps or doubles, found by what people type, and change one way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, NoResultFound

from bot.core.issues.issue import Issue, Status
from bot.core.issues.lifecycle import Move
from bot.core.origin import Origin
from bot.core.reading import IssueNumber
from storage import tables
from storage.database import Database
from storage.issues import access, issues
from storage.people import people
from tests.databases import PostgresPlace
from tests.storage.rows import NOW, a_thread, an_issue

DAY = date(2024, 10, 14)


def file_issue(db: Connection, thread_id: int, number: str, **fields: object) -> Issue:
    return issues.get(db, issues.add(db, an_issue(thread_id, number, **fields)))


def test_serials_begin_anew_each_day(database: Database) -> None:
    with database.write() as db:
        assert [issues.next_serial(db, DAY) for _ in range(3)] == [1, 2, 3]
        assert issues.next_serial(db, DAY + timedelta(days=1)) == 1


def test_serials_taken_at_once_have_no_doubles_and_no_gaps(database: Database) -> None:
    def take(_: int) -> int:
        with database.write() as db:
            return issues.next_serial(db, DAY)

    with ThreadPoolExecutor(6) as takers:
        assert sorted(takers.map(take, range(24))) == list(range(1, 25))


def test_an_issue_comes_back_as_it_was(database: Database) -> None:
    with database.write() as db:
        given = an_issue(a_thread(db), urgent=True, category="用电", next_due_at=NOW)
        kept = issues.get(db, issues.add(db, given))
    assert replace(kept, id=0) == given
    assert kept.filed_at.utcoffset() == timedelta(0)


def test_a_naive_moment_is_a_bug(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        naive = replace(an_issue(thread), filed_at=NOW.replace(tzinfo=None))
        with pytest.raises(Exception, match="naive datetime"):
            issues.add(db, naive)
        db.rollback()


def test_a_number_is_given_once(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        file_issue(db, thread, "YZ-20241014-001")
        with pytest.raises(IntegrityError):
            file_issue(db, thread, "YZ-20241014-001")
        db.rollback()


def test_a_save_says_what_was_before_so_that_it_can_be_undone(database: Database) -> None:
    with database.write() as db:
        before = file_issue(db, a_thread(db), "YZ-20241014-001", paused_at=NOW)
        after = replace(before, status=Status.ACCEPTED, accepted_at=NOW, paused_at=None)
        changed = issues.save(db, before, after)
        assert set(changed) == {"status", "accepted_at", "paused_at"}
        assert issues.get(db, before.id) == after
        back = replace(after, **issues.restore_fields(changed))
        assert back == before
        assert issues.save(db, before, before) == {}


def test_history_only_grows_and_keeps_its_order(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        one, other = (file_issue(db, thread, f"YZ-20241014-00{n}") for n in (1, 2))
        issues.record(db, one.id, Move.FILE, Origin(NOW, "a", thread_id=thread))
        issues.record(db, other.id, Move.FILE, Origin(NOW, "b", thread_id=thread))
        issues.record(db, one.id, Move.ACCEPT, Origin(NOW, "c"), text="好", before={"x": 1})
        assert [event.move for event in issues.history(db, one.id)] == [Move.FILE, Move.ACCEPT]
        last = issues.last_event(db, one.id)
        assert (last.because, last.text, last.before) == ("c", "好", {"x": 1})
        mine = issues.last_standing_of(db, thread)
        assert mine is not None
        assert mine.because == "b"
        with pytest.raises(NoResultFound):
            issues.last_event(db, 99)


def test_no_function_rewrites_the_history() -> None:
    """Append-only: nobody updates or deletes events."""
    folder = Path(tables.__file__).parent
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "update(events)" not in text, path
        for kept in ("events", "messages", "issues", "outbox"):
            assert f"delete({kept})" not in text, path


@pytest.mark.parametrize(
    "typed, found",
    [
        # what a person typed, the issue it means
        (IssueNumber("YZ", DAY, 1), "YZ-20241014-001"),
        (IssueNumber(None, DAY, 1), "YZ-20241014-001"),
        (IssueNumber(None, None, 2), "YZ-20241015-002"),  # the newest that fits
        (IssueNumber(None, None, 1), "YZ-20241014-001"),  # an open one before a newer closed one
        (IssueNumber("XX", None, 1), None),
        (IssueNumber(None, None, 9), None),
    ],
)
def test_a_number_is_found_as_it_was_meant(
    database: Database, typed: IssueNumber, found: str | None
) -> None:
    with database.write() as db:
        thread = a_thread(db)
        file_issue(db, thread, "YZ-20241014-001")
        file_issue(db, thread, "YZ-20241014-002")
        file_issue(db, thread, "YZ-20241015-001", status=Status.CLOSED, closed_at=NOW)
        file_issue(db, thread, "YZ-20241015-002")
        got = issues.by_number(db, typed, access.is_visible_to_contact(thread, None))
        assert (got.number if got else None) == found


def test_somebody_elses_number_is_not_found(database: Database) -> None:
    with database.write() as db:
        mine, theirs = a_thread(db, "me"), a_thread(db, "them")
        firm = people.add_enterprise(db, "甲公司")
        file_issue(db, theirs, "YZ-20241014-001")
        file_issue(db, theirs, "YZ-20241014-002", enterprise_id=firm)
        typed = IssueNumber(None, None, 1)
        assert issues.by_number(db, typed, access.is_visible_to_contact(mine, firm)) is None
        colleague = issues.by_number(
            db, IssueNumber(None, None, 2), access.is_visible_to_contact(mine, firm)
        )
        assert colleague is not None


def test_what_is_due_comes_oldest_first(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        for number, minutes in ((1, 5), (2, -5), (3, 0), (4, -9)):
            due = NOW + timedelta(minutes=minutes)
            file_issue(db, thread, f"YZ-20241014-00{number}", next_due_at=due)
        file_issue(db, thread, "YZ-20241014-005")
        found = [issue.number[-1] for issue in issues.due(db, NOW, 10)]
        assert found == ["4", "2", "3"]
        assert len(issues.due(db, NOW, 2)) == 2


def test_two_sweeps_share_the_work(postgres_place: PostgresPlace) -> None:
    with postgres_place.create_migrated() as url:
        database = Database(url)
        with database.write() as db:
            thread = a_thread(db)
            for number in (1, 2, 3):
                file_issue(db, thread, f"YZ-20241014-00{number}", next_due_at=NOW)
        with database.write() as one, database.write() as other:
            mine, theirs = issues.due(one, NOW, 2), issues.due(other, NOW, 10)
            assert [len(mine), len(theirs)] == [2, 1]
            assert not {each.id for each in mine} & {each.id for each in theirs}
        database.close()
