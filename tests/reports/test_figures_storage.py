"""A week's figures: each rule of counting by an issue that would be counted wrongly without it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.core.days.weeks import read_week
from bot.core.issues.issue import Status
from bot.core.people import Role
from bot.core.reports.figures import CategoryCount, Figures, InTime, Open, Recurring, Settled, Share
from bot.core.sessions.agenda import Ground, Item
from bot.core.sessions.promises import Kept, Promise
from bot.core.sessions.session import Session, Stage
from storage.database import Database
from storage.issues import issues
from storage.people import people
from storage.reports import figures
from storage.sessions import agenda, promises, sessions
from tests.storage.rows import a_thread, an_issue

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = read_week("2024-W42")
MONDAY = WEEK.since(ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = WEEK.until(ZONE) + 8 * HOUR
"""Monday 08:00, when the digest of the week is written."""


class Park:
    """A database in which issues are filed at moments of the week, by default Tuesday 10:00."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._thread = a_thread(db)
        self._count = 0

    def file_issue(self, at: datetime = MONDAY + 34 * HOUR, **fields: Any) -> int:
        """An issue with the usual deadlines; its id."""
        self._count += 1
        draft = an_issue(self._thread, f"YZ-20241015-{self._count:03d}")
        due = {"accept_due": at + HOUR, "answer_due": at + DAY, "solve_due": at + 2 * DAY}
        return issues.add(self.db, replace(draft, **{"filed_at": at, **due, **fields}))

    def resolve_issue(self, at: datetime, resolved: datetime, **fields: Any) -> int:
        """One that was accepted and answered in time."""
        done = {"accepted_at": at + HOUR / 2, "answered_at": at + HOUR, "resolved_at": resolved}
        return self.file_issue(at, **{"status": Status.RESOLVED, **done, **fields})

    def week(self, *firms: int, week: str = "2024-W42", now: datetime = NOW) -> Figures:
        """The figures of the week."""
        found = read_week(week)
        return figures.of_week(self.db, found, now, ZONE, firms or None)


TUESDAY = MONDAY + 34 * HOUR


def test_an_empty_park_has_figures_too(database: Database) -> None:
    with database.read() as db:
        found = figures.of_week(db, WEEK, NOW, ZONE)
    assert found.is_empty
    assert (found.kept, found.settled, found.open) == (InTime(), Settled(), Open())
    assert [point.filed for point in found.line] == [0] * 8
    assert found.response.percent is None


def test_a_week_begins_on_monday_and_ends_before_the_next(database: Database) -> None:
    with database.write() as db:
        park = Park(db)
        for at in (MONDAY - timedelta(microseconds=1), MONDAY, WEEK.until(ZONE)):
            park.file_issue(at)
        park.file_issue(WEEK.until(ZONE) - timedelta(microseconds=1))
        assert park.week().filed == 2
        assert [point.filed for point in park.week().line[-2:]] == [1, 2]
        assert park.week(week="2024-W43").filed == 1


def test_what_is_open_at_the_end_adds_up(database: Database) -> None:
    """Open before + filed - resolved - withdrawn; what was settled since does not change it."""
    gone = {"status": Status.WITHDRAWN}
    with database.write() as db:
        park = Park(db)
        before = MONDAY - 3 * DAY
        park.file_issue(before)
        park.resolve_issue(before, TUESDAY)
        park.file_issue(before, **gone, closed_at=TUESDAY)
        park.resolve_issue(TUESDAY, NOW - HOUR)
        park.file_issue(TUESDAY, **gone, closed_at=NOW - HOUR)
        park.file_issue(TUESDAY, **gone, closed_at=TUESDAY + HOUR)
        park.file_issue(NOW - HOUR)
        earlier, now = park.week(week="2024-W41"), park.week()
    assert (earlier.open.all, now.filed, now.resolution_count, now.withdrawn) == (3, 3, 1, 2)
    assert now.open.all == earlier.open.all + now.filed - now.resolution_count - now.withdrawn == 3


def test_silence_is_neither_confirmation_nor_satisfaction(database: Database) -> None:
    said = TUESDAY + 2 * DAY
    with database.write() as db:
        park = Park(db)
        done = TUESDAY + DAY
        park.resolve_issue(TUESDAY, done)
        park.resolve_issue(TUESDAY, done, status=Status.CLOSED, closed_at=done + 9 * DAY)
        park.resolve_issue(TUESDAY, done, status=Status.CONFIRMED, confirmed_at=said)
        rated = {"status": Status.CONFIRMED, "confirmed_at": said, "rated_at": said}
        park.resolve_issue(TUESDAY, done, **rated, stars=3)
        park.resolve_issue(TUESDAY, done, **rated, stars=1)
        park.resolve_issue(TUESDAY, done, **{**rated, "rated_at": said + HOUR}, stars=2)
        found = park.week()
    assert found.settled == Settled(claimed=6, confirmed=3, silent=2, rated=3, satisfied=1)
    assert (found.settled.unhappy, found.settled.without_rating) == (1, 3)
    assert (found.solution, found.satisfaction) == (Share(3, 6), Share(1, 3))


def test_an_issue_that_came_back_is_not_resolved(database: Database) -> None:
    with database.write() as db:
        park = Park(db)
        heard = {"accepted_at": TUESDAY + HOUR, "answered_at": TUESDAY + HOUR}
        park.file_issue(TUESDAY, status=Status.ACCEPTED, **heard)
        found = park.week()
    assert (found.resolution_count, found.open.all, found.open.overdue) == (0, 1, 1)
    assert found.kept.solve == Share(0, 1)


def test_the_response_leaves_out_what_was_withdrawn_unheard(database: Database) -> None:
    gone = {"status": Status.WITHDRAWN, "closed_at": TUESDAY + HOUR / 2}
    with database.write() as db:
        park = Park(db)
        park.file_issue(TUESDAY, **gone)
        park.file_issue(TUESDAY, **gone, accepted_at=TUESDAY + HOUR / 4)
        park.file_issue(TUESDAY, status=Status.ACCEPTED, accepted_at=TUESDAY + 9 * HOUR)
        park.file_issue(TUESDAY)
        assert park.week().response == Share(2, 3)


def test_a_deadline_is_judged_in_its_week(database: Database) -> None:
    """What was filed on Sunday night is due on Tuesday: in the next week's figures."""
    sunday = WEEK.until(ZONE) - 2 * HOUR
    with database.write() as db:
        park = Park(db)
        park.resolve_issue(sunday, sunday + 3 * HOUR)
        assert park.week().kept == InTime(accept=Share(1, 1))
        late = park.week(week="2024-W43", now=NOW + 9 * DAY)
        assert late.kept == InTime(answer=Share(1, 1), solve=Share(1, 1))


@pytest.mark.parametrize(
    ("fields", "solve", "overdue"),
    [
        ({}, Share(0, 1), 1),
        ({"status": Status.WAITING, "paused_at": TUESDAY + DAY}, Share(0, 0), 0),
        ({"status": Status.WITHDRAWN, "closed_at": TUESDAY + DAY}, Share(0, 0), 0),
        # Who takes it back after it was late does not make it in time.
        ({"status": Status.WITHDRAWN, "closed_at": TUESDAY + 3 * DAY}, Share(0, 1), 0),
        ({"status": Status.PLANNED, "solve_due": NOW + 9 * DAY}, Share(0, 0), 0),
        ({"status": Status.PLANNED}, Share(0, 1), 1),
        # At the very moment is in time, and a moment later is not.
        ({"status": Status.RESOLVED, "resolved_at": TUESDAY + 2 * DAY}, Share(1, 1), 0),
        ({"status": Status.RESOLVED, "resolved_at": TUESDAY + 49 * HOUR}, Share(0, 1), 0),
    ],
)
def test_nobody_is_held_to_a_deadline_whose_clock_stands(
    database: Database, fields: dict[str, Any], solve: Share, overdue: int
) -> None:
    with database.write() as db:
        park = Park(db)
        park.file_issue(TUESDAY, **fields)
        found = park.week()
    assert (found.kept.solve, found.open.overdue) == (solve, overdue)


def test_what_was_merged_is_open_but_on_nobodys_desk(database: Database) -> None:
    with database.write() as db:
        park = Park(db)
        root = park.file_issue(TUESDAY, status=Status.ACCEPTED, accepted_at=TUESDAY)
        park.file_issue(TUESDAY, status=Status.ACCEPTED, accepted_at=TUESDAY, merged_into=root)
        waits = {"status": Status.WAITING, "paused_at": TUESDAY + HOUR}
        park.file_issue(TUESDAY, **waits, accepted_at=TUESDAY)
        found = park.week()
    assert found.open == Open(all=3, overdue=1, waiting=1, merged=1)
    assert [issue.issue_id for issue in found.worst] == [root]


def test_the_running_week_is_seen_now(database: Database) -> None:
    with database.write() as db:
        park = Park(db)
        park.file_issue(TUESDAY)
        found = park.week(now=TUESDAY + 2 * HOUR)
    assert found.at == TUESDAY + 2 * HOUR
    assert found.kept == InTime(accept=Share(0, 1))
    assert (found.open.all, found.open.overdue) == (1, 0)


def test_the_longest_overdue_come_first_with_whose_they_are(database: Database) -> None:
    with database.write() as db:
        park = Park(db)
        firm = people.add_enterprise(db, "恒宇电子")
        owner = people.add_person(db, "赵敏之", Role.LIAISON)
        for hours in range(7):
            park.file_issue(TUESDAY - hours * HOUR, enterprise_id=firm, owner_id=owner)
        park.file_issue(TUESDAY - DAY)
        found = park.week()
    assert (len(found.worst), found.open.overdue) == (5, 8)
    assert (found.worst[0].enterprise, found.worst[0].person) == (None, None)
    assert (found.worst[1].enterprise, found.worst[1].person) == ("恒宇电子", "赵敏之")
    assert found.worst[0].late == WEEK.until(ZONE) - (TUESDAY + DAY)


def test_categories_and_what_keeps_coming_back(database: Database) -> None:
    with database.write() as db:
        park = Park(db)
        firms = [people.add_enterprise(db, name) for name in "甲乙丙"]
        for firm in firms:
            park.file_issue(TUESDAY - 20 * DAY, category="用电", enterprise_id=firm)
        park.resolve_issue(TUESDAY, TUESDAY + DAY, category="用电", enterprise_id=firms[0])
        for _ in range(3):
            park.file_issue(TUESDAY, category="用水", enterprise_id=firms[0])
        park.file_issue(TUESDAY)
        found, mine = park.week(), park.week(firms[0])
    assert found.categories == (
        CategoryCount("用水", 3, 0, 3),
        CategoryCount("用电", 1, 1, 3),
        CategoryCount("", 1, 0, 1),
    )
    assert found.recurring == (Recurring("用电", 4, 3),)
    assert (mine.filed, mine.open.all, mine.recurring) == (4, 4, ())


def test_the_sessions_promises_whose_day_came(database: Database) -> None:
    with database.write() as db:
        due = MONDAY + 4 * DAY
        early, late = {"settled_at": due}, {"settled_at": due + HOUR}
        _add_promise(db, due, kept=Kept.KEPT, **early)
        _add_promise(db, due, kept=Kept.KEPT, **late)
        _add_promise(db, due, firms=(7,))
        _add_promise(db, due, kept=Kept.DROPPED, **early)
        _add_promise(db, due, kept=Kept.STRUCK)
        _add_promise(db, NOW)
        found = figures.of_week(db, WEEK, NOW, ZONE)
        mine = figures.of_week(db, WEEK, NOW, ZONE, [7])
    assert found.promises == Share(1, 3)
    assert [(promise.serial, promise.later) for promise in found.broken] == [(2, True), (3, False)]
    assert mine.promises == Share(0, 1)


ITEM: dict[str, Any] = {"matter": "issue:1", "ground": Ground.SERIOUS, "title": "增容", "place": 1}


def _add_promise(db: Connection, due: datetime, **fields: Any) -> None:
    session = sessions.by_number(db, 95) or sessions.add(db, _session())
    found = agenda.of_session(db, session.id)
    item = found[0] if found else agenda.add(db, Item(**ITEM, session_id=session.id))
    serial = promises.next_serial(db, session.id)
    promise = Promise(
        0, session.id, serial, item.id, ITEM["matter"], "供电公司", "增容", due, due, MONDAY
    )
    promises.add(db, replace(promise, **fields))


def _session() -> Session:
    return Session(0, 95, MONDAY, Stage.CLOSED, "园区会客厅", uid="95")
