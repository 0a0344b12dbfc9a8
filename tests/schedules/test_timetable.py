"""The timetable, what an office may change of it, and what is forgotten at night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.runtime.timekeeper import due_times
from bot.settings.service_levels import EntryRow, Timetable
from schedules import SWEEPS, TIMETABLE, Entry, timetable
from schedules.cleanup import KEPT
from storage import once
from storage.database import Database
from tests.storage.rows import NOW

ZONE = ZoneInfo("Asia/Shanghai")
BY_ID = {entry.id: entry for entry in TIMETABLE}


def test_an_office_may_move_every_entry_but_the_sweeps() -> None:
    assert set(Timetable.model_fields) == set(BY_ID) - SWEEPS


def test_no_tick_is_forgotten_while_it_may_still_come() -> None:
    given = EntryRow(grace_minutes=10_080).grace_minutes
    assert given is not None
    assert max(timedelta(minutes=given), *(tick_entry.grace for tick_entry in TIMETABLE)) < KEPT
    with pytest.raises(ValueError):
        EntryRow(grace_minutes=10_081)


def test_an_offices_own_times() -> None:
    changes = {"morning": {"cron": "30 8 * * 1-5", "grace_minutes": 20, "enabled": True}}
    found = {entry.id: entry for entry in timetable(changes)}
    assert found["morning"].cron == "30 8 * * 1-5"
    assert found["morning"].grace == timedelta(minutes=20)
    assert set(found) == set(BY_ID)
    assert "morning" not in {
        tick_entry.id for tick_entry in timetable({"morning": {"enabled": False}})
    }
    with pytest.raises(ValueError, match="evening"):
        timetable({"evening": {}})


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2024-10-{clock}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("cron", "now", "due"),
    [
        # 45 8 * * *, three hours of grace, around Monday the 14th
        ("45 8 * * *", "14 08:44", []),
        ("45 8 * * *", "14 08:45", ["14 08:45"]),
        ("45 8 * * *", "14 11:44", ["14 08:45"]),
        ("45 8 * * *", "14 11:45", []),
        # several within the grace, oldest first
        ("0 * * * *", "14 11:30", ["14 09:00", "14 10:00", "14 11:00"]),
        # on Mondays only, as crontab counts the days
        ("0 9 * * 1", "14 09:10", ["14 09:00"]),
        ("0 9 * * 1", "15 09:10", []),
    ],
)
def test_due_times_within_the_grace(cron: str, now: str, due: list[str]) -> None:
    entry = Entry("one", cron, lambda _tick: (), timedelta(hours=3))
    assert list(due_times(entry, at(now), ZONE)) == [at(moment) for moment in due]


def test_old_keys_are_forgotten_and_new_ones_kept(database: Database) -> None:
    with database.write() as db:
        once.claim(db, "wechat:old", NOW - KEPT - timedelta(seconds=1))
        once.claim(db, "tick:new", NOW - KEPT)
        once.forget(db, NOW - KEPT)
        assert once.claim(db, "wechat:old", NOW)
        assert not once.claim(db, "tick:new", NOW)
