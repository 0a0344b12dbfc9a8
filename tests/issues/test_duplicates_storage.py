"""What others have open is found by one look; who follows and who is merged is remembered."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from bot.core.issues.issue import Issue, Status
from bot.core.issues.lifecycle import Move
from bot.core.origin import Origin
from bot.core.people import Role
from storage import revisions
from storage.database import Database
from storage.issues import duplicates, follows, issues
from storage.people import people
from tests.storage.rows import NOW, a_thread, an_issue

SINCE = NOW - timedelta(days=60)


def file_issue(
    db: Connection, serial: int, thread_id: int, words: str = "停电", **fields: Any
) -> Issue:
    issue = an_issue(thread_id, f"YZ-20241014-{serial:03d}", category="用电")
    made = issues.add(db, Issue(**{**vars(issue), **fields}))
    issues.record(db, made, Move.FILE, Origin(NOW, f"file:{serial}"), text=words)
    issues.record(db, made, Move.NOTE, Origin(NOW, f"note:{serial}"), text="内部")
    return issues.get(db, made)


def test_only_what_others_have_open_is_compared(database: Database) -> None:
    with database.write() as db:
        firm, other_firm = people.add_enterprise(db, "甲"), people.add_enterprise(db, "乙")
        mine, other = a_thread(db, "mine"), a_thread(db, "other")
        own = file_issue(db, 1, mine, enterprise_id=firm)
        file_issue(db, 2, other, enterprise_id=firm)
        file_issue(db, 3, other, closed_at=NOW)
        file_issue(db, 4, other, resolved_at=NOW)
        file_issue(db, 5, other, filed_at=SINCE - timedelta(seconds=1))
        file_issue(db, 6, mine)
        stranger = file_issue(db, 7, other, "很长" * 300)
        known = file_issue(db, 8, other, enterprise_id=other_firm)
        found = duplicates.of_others(db, own, SINCE, 10)
    assert {matter.id for matter in found} == {stranger.id, known.id}
    assert {len(matter.text) for matter in found} == {duplicates.OPENING, len("停电")}


def test_a_stranger_is_compared_with_every_firm(database: Database) -> None:
    with database.write() as db:
        firm = people.add_enterprise(db, "甲")
        own = file_issue(db, 1, a_thread(db, "mine"))
        known = file_issue(db, 2, a_thread(db, "other"), enterprise_id=firm)
        assert [matter.id for matter in duplicates.of_others(db, own, SINCE, 10)] == [known.id]


def test_the_same_category_comes_first_then_the_newest(database: Database) -> None:
    with database.write() as db:
        other = a_thread(db, "other")
        own = file_issue(db, 1, a_thread(db, "mine"))
        for serial, category in ((2, "用水"), (3, "用电"), (4, "用水"), (5, "用电")):
            later = NOW + timedelta(minutes=serial)
            file_issue(db, serial, other, category=category, filed_at=later)
        found = [matter.id - own.id + 1 for matter in duplicates.of_others(db, own, SINCE, 3)]
    assert found == [5, 3, 4]


def test_sqlite_walks_the_index(database: Database) -> None:
    if not database.is_sqlite:
        return
    with database.write() as db:
        own = file_issue(db, 1, a_thread(db))
        duplicates.of_others(db, own, SINCE, 3)
        (plan,) = duplicates._SAME._plans.values()
        told = db.execute(text("EXPLAIN QUERY PLAN " + plan.sql.replace("?", "NULL")))
        steps = " / ".join(row.detail for row in told)
    assert "issues_matters (category=? AND filed_at>?)" in steps
    assert "TEMP B-TREE" not in steps


def test_what_is_merged_and_worked_on_is_found_by_its_root(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        holder = people.add_person(db, "甲", Role.LIAISON)
        root = file_issue(db, 1, thread, owner_id=holder)
        open_one = file_issue(db, 2, thread, merged_into=root.id)
        settled = file_issue(db, 3, thread, merged_into=root.id, status=Status.RESOLVED)
        file_issue(db, 4, thread)
        assert duplicates.list_open_merged(db, root.id) == [open_one]
        assert duplicates.ever_merged_into(db, root.id) == [open_one, settled]
        where = duplicates.is_merged_into_held(holder)
        assert {issue.id for issue in issues.open_among(db, where)} == {open_one.id, settled.id}
        named = duplicates.titles(db, [settled.id, root.id])
    assert [(issue.number[-3:], issue.status) for issue in named] == [
        ("003", Status.RESOLVED),
        ("001", Status.FILED),
    ]


def test_a_thread_follows_an_issue_once(database: Database) -> None:
    with database.write() as db:
        one, other, thread = a_thread(db, "one"), a_thread(db, "other"), a_thread(db, "three")
        first, second = file_issue(db, 1, one), file_issue(db, 2, other)
        own = file_issue(db, 3, thread)
        for issue in (first, first, second):
            follows.add(db, issue.id, thread, own.id)
        assert follows.of(db, []) == []
        found = follows.of(db, [first.id, second.id])
    assert [(follower.thread_id, follower.own_id) for follower in found] == [(thread, own.id)]


def test_each_writing_of_the_firms_is_counted(database: Database) -> None:
    with database.write() as db:
        before = revisions.of(db, "enterprises")
        people.add_person(db, "甲", Role.LIAISON)
        assert revisions.of(db, "enterprises") == before
        people.add_enterprise(db, "甲")
        people.add_enterprise(db, "乙")
        assert revisions.of(db, "enterprises") == before + 2


def test_what_a_step_did_to_other_issues_is_found(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        one, other = file_issue(db, 1, thread), file_issue(db, 2, thread)
        issues.record(db, other.id, Move.NOTE, Origin(NOW, "x"), text="before")
        issues.record(db, one.id, Move.RESOLVE, Origin(NOW, "x", thread_id=thread), text="done")
        issues.record(db, one.id, Move.NOTE, Origin(NOW, "x"), text="own")
        issues.record(db, other.id, Move.RESOLVE, Origin(NOW, "x"), text="wake")
        issues.record(db, other.id, Move.NOTE, Origin(NOW, "y"), text="later")
        event = issues.last_standing_of(db, thread)
        assert event is not None
        assert [step.text for step in issues.wake(db, event)] == ["wake"]
