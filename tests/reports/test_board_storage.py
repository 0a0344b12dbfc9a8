"""The wall's statement: every open issue in its lane, counted, and no cost for what is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event, text

from bot.core.issues.issue import Issue, Status
from bot.core.people import Role
from bot.core.reports.board import Lane
from storage.database import Database
from storage.issues import issues
from storage.people import people
from storage.reports import board
from tests.storage.rows import NOW, a_thread, an_issue

HOUR = timedelta(hours=1)


def file(db: Connection, number: str, status: Status = Status.FILED, **fields: Any) -> Issue:
    draft = replace(an_issue(a_thread(db), number, status=status), **fields)
    return replace(draft, id=issues.add(db, draft))


def test_each_open_issue_stands_in_its_lane(database: Database) -> None:
    with database.write() as db:
        file(db, "new")
        file(db, "accepted", Status.ACCEPTED, accepted_at=NOW)
        file(db, "answered", Status.ACCEPTED, accepted_at=NOW, answered_at=NOW)
        file(db, "waiting", Status.WAITING, pause_until=NOW + HOUR)
        file(db, "planned", Status.PLANNED, answered_at=NOW)
        file(db, "resolved", Status.RESOLVED, resolved_at=NOW)
        file(db, "confirmed", Status.CONFIRMED, confirmed_at=NOW)
        file(db, "closed", Status.CLOSED, closed_at=NOW)
        file(db, "withdrawn", Status.WITHDRAWN, closed_at=NOW)
        found = board.piles(db, NOW, 9)
    assert [(pile.lane, [card.number for card in pile.cards]) for pile in found] == [
        (Lane.TO_ACCEPT, ["new"]),
        (Lane.TO_ANSWER, ["accepted"]),
        (Lane.IN_HAND, ["answered"]),
        (Lane.WAITING, ["waiting"]),
        (Lane.PLANNED, ["planned"]),
        (Lane.TO_CONFIRM, ["resolved"]),
    ]
    moments = {pile.lane: pile.cards[0].moment for pile in found}
    assert moments[Lane.TO_ACCEPT] == NOW + HOUR
    assert moments[Lane.TO_ANSWER] == NOW + timedelta(days=1)
    assert moments[Lane.IN_HAND] == NOW + timedelta(days=2)
    assert moments[Lane.WAITING] == NOW + HOUR
    assert moments[Lane.TO_CONFIRM] == NOW


def test_a_lane_shows_its_first_and_counts_all(database: Database) -> None:
    with database.write() as db:
        for number in range(12):
            file(db, f"n{number:02d}", accept_due=NOW + HOUR * (5 - number))
        pile = board.piles(db, NOW, 4)[0]
    assert [card.number for card in pile.cards] == ["n11", "n10", "n09", "n08"]
    assert (pile.count, pile.late, pile.rest) == (12, 7, 8)


def test_nobody_is_late_where_no_clock_runs(database: Database) -> None:
    with database.write() as db:
        file(db, "waiting", Status.WAITING, pause_until=NOW - HOUR)
        file(db, "resolved", Status.RESOLVED, resolved_at=NOW - HOUR)
        assert [pile.late for pile in board.piles(db, NOW, 4)] == [0] * 6


def test_names_are_those_of_now_and_may_be_missing(database: Database) -> None:
    with database.write() as db:
        firm = people.add_enterprise(db, "恒宇电子有限公司", aliases=("恒宇",))
        owner = people.add_person(db, "赵敏之", Role.LIAISON)
        reporter = people.add_person(db, "王芳", Role.CONTACT, enterprise_id=firm)
        file(db, "known", enterprise_id=firm, owner_id=owner, reporter_id=reporter)
        file(db, "claimed", claimed_id=firm)
        file(db, "unknown")
        cards = {card.number: card for card in board.piles(db, NOW, 9)[0].cards}
    known = cards["known"]
    assert (known.firm, known.aliases) == ("恒宇电子有限公司", ("恒宇",))
    assert (known.owner, known.reporter) == ("赵敏之", "王芳")
    assert cards["claimed"].firm == "恒宇电子有限公司"
    assert (cards["unknown"].firm, cards["unknown"].owner) == (None, None)


def test_what_is_merged_stands_with_the_other_until_it_is_resolved(database: Database) -> None:
    with database.write() as db:
        first = file(db, "first")
        file(db, "second", merged_into=first.id)
        file(db, "third", Status.RESOLVED, resolved_at=NOW, merged_into=first.id)
        found = board.piles(db, NOW, 9)
    assert [card.number for pile in found for card in pile.cards] == ["first", "third"]


def test_an_empty_wall_has_all_lanes(database: Database) -> None:
    with database.read() as db:
        assert [(pile.lane, pile.count) for pile in board.piles(db, NOW, 9)] == [
            (lane, 0) for lane in Lane
        ]


def test_closed_issues_cost_nothing(database: Database) -> None:
    """The open ones are found by an index that holds nothing else."""
    with database.write() as db:
        file(db, "open")
        for number in range(400):
            file(db, f"c{number}", Status.CLOSED, closed_at=NOW)
        db.execute(text("ANALYZE"))
    with database.read() as db, record_statements(db) as statements:
        board.piles(db, NOW, 9)
        [(statement, values)] = statements
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        plan = "\n".join(map(str, db.exec_driver_sql(f"{explain} {statement}", values)))
    assert "issues_open" in plan, plan


@contextmanager
def record_statements(db: Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed, with their values."""
    found: list[tuple[str, Any]] = []

    def note(*said: Any) -> None:
        found.append((said[2], said[3]))

    event.listen(db, "before_cursor_execute", note)
    yield found
    event.remove(db, "before_cursor_execute", note)
