"""What became of each month's issues."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.core.issues.issue import Rung, Status
from bot.core.sessions.agenda import Ground, Item
from bot.core.sessions.promises import Kept, Promise
from bot.core.sessions.session import Session, Stage
from storage.database import Database
from storage.issues import issues
from storage.reports.months import months, whole
from storage.sessions import agenda, promises, sessions
from tests.storage.rows import NOW, a_parcel, a_thread, an_issue

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def file_issue(db: Connection, thread: int, number: str, **fields: Any) -> None:
    issues.add(db, an_issue(thread, number, **fields))


def test_each_month_by_its_own_issues(database: Database) -> None:
    with database.write() as db:
        thread = a_thread(db)
        done = {"status": Status.CLOSED, "accepted_at": NOW + HOUR}
        in_time = {**done, "resolved_at": NOW + timedelta(days=2)}
        file_issue(db, thread, "1", **in_time, stars=3)
        file_issue(db, thread, "2", **in_time, stars=2, rung=Rung.DEPARTMENT)
        file_issue(db, thread, "3", **done, resolved_at=NOW + timedelta(days=2, seconds=1))
        file_issue(db, thread, "4", rung=Rung.LEADER, accepted_at=NOW + HOUR * 2)
        file_issue(db, thread, "5", status=Status.WITHDRAWN)
        file_issue(db, thread, "6", status=Status.WITHDRAWN, accepted_at=NOW)
        a_parcel(db, thread, kind="notice.remind", sent_at=NOW)
        a_parcel(db, thread, kind="notice.remind_several", sent_at=NOW)
        a_parcel(db, thread, kind="notice.remind")  # withheld: nobody was reminded
        a_parcel(db, thread, kind="notice.filed", sent_at=NOW)
    with database.read() as db:
        (month,) = months(db, ZONE)
    assert month.month == date(2024, 10, 1)
    assert (month.filed, month.to_accept, month.to_resolve) == (6, 5, 4)
    assert (month.accepted_in_time, month.reminded) == (4, 2)
    assert (month.to_department, month.to_task_force, month.to_leader) == (1, 0, 1)
    assert (month.resolved, month.resolved_in_time) == (3, 2)
    assert (month.rated, month.satisfied) == (2, 1)


def test_a_month_is_that_of_the_park(database: Database) -> None:
    """The last evening of October in UTC is November in the park."""
    evening = NOW.replace(day=31, hour=16)
    with database.write() as db:
        thread = a_thread(db)
        issues.add(db, an_issue(thread, "1"))
        issues.add(db, replace(an_issue(thread, "2"), filed_at=evening))
    with database.read() as db:
        found = months(db, ZONE)
    assert [(month.month.month, month.filed) for month in found] == [(10, 1), (11, 1)]
    assert whole(found).filed == 2


def test_a_month_has_its_sessions_and_what_was_promised_at_them(database: Database) -> None:
    with database.write() as db:
        issues.add(db, an_issue(a_thread(db), "1"))
        held = sessions.add(db, a_session(95, NOW, Stage.CLOSED))
        sessions.add(db, a_session(96, NOW + timedelta(days=7), Stage.CANCELLED))
        sessions.add(db, a_session(97, NOW + timedelta(days=14), Stage.PLANNED))
        item = agenda.add(db, Item("topic:1", Ground.ADDED, "", session_id=held.id))
        for serial, kept in enumerate((Kept.KEPT, Kept.OPEN, Kept.STRUCK), 1):
            promises.add(db, a_promise(held.id, item.id, serial, kept))
    with database.read() as db:
        (month,) = months(db, ZONE)
    assert (month.sessions, month.kept, month.promised) == (1, 1, 2)


def a_session(number: int, starts_at: datetime, stage: Stage) -> Session:
    return Session(0, number, starts_at, stage, "", uid=f"{number}")


def a_promise(session: int, item: int, serial: int, kept: Kept) -> Promise:
    due = NOW + timedelta(days=3)
    return Promise(0, session, serial, item, "topic:1", "", "", due, due, NOW, kept)
