"""Every session's agenda is proposed once, before its day, whatever weekday and time are set."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.actions.sessions import series
from bot.app import App
from bot.core.days.crontab import walk_due_times
from bot.core.park.park import Park
from bot.core.sessions.session import PROPOSAL, SessionRules, Stage
from bot.settings.service_levels import EntryRow
from bot.settings.sessions import WEEKDAYS, SessionsRow
from schedules import timetable
from schedules.tick import Tick
from storage.sessions import sessions
from tests.conftest import MONDAY

JOBS = ("series", "proposal", "agenda")
WEEKS = 3


def rules_of(weekday: str, cron: str | None) -> SessionRules:
    proposal = EntryRow(cron=cron) if cron else EntryRow(enabled=False)
    return SessionsRow(weekday=weekday).rules("", proposal)


def build_tick(app: App, db: Connection, park: Park, due: datetime) -> Tick:
    return Tick(db, due, park, app.texts, f"test:{due}", app.learning, app.naming, due)


def keep_time(
    app: App, db: Connection, park: Park, changes: Mapping[str, Any], moves: Mapping[str, str]
) -> None:
    """Three weeks of the three entries; a session whose time has come is over. `moves`: at this
    moment the session to come goes to that one."""
    entries = [entry for entry in timetable(changes) if entry.id in JOBS]
    first = MONDAY.replace(hour=8)
    end = first + timedelta(weeks=WEEKS)
    dues: list[tuple[datetime, Any]] = []
    for entry in entries:
        for at in walk_due_times(entry.cron, first):
            if at > end:
                break
            dues.append((at, entry.job))
    moments = {datetime.fromisoformat(at): datetime.fromisoformat(to) for at, to in moves.items()}
    dues += [(at.replace(tzinfo=MONDAY.tzinfo), None) for at in moments]
    for due, job in sorted(dues, key=lambda pair: pair[0]):
        tick = build_tick(app, db, park, due)
        for session in sessions.to_come(db):
            if session.starts_at <= due:
                sessions.save(db, replace(session, stage=Stage.CLOSED))
        if job is not None:
            job(tick)
        else:
            to = moments[due.replace(tzinfo=None)].replace(tzinfo=MONDAY.tzinfo)
            series.move_session(tick, sessions.to_come(db)[0], to)


def list_proposals(db: Connection, park: Park) -> dict[str, list[str]]:
    """When each session's agenda was proposed, by when the session begins."""
    return {
        f"{park.local(session.starts_at):%a %m-%d}": [
            f"{park.local(act.at):%a %m-%d %H:%M}"
            for act in sessions.history(db, session.id)
            if act.act == "propose"
        ]
        for session in sessions.everything(db)
    }


@pytest.fixture
def planner(app: App) -> Iterator[App]:
    """An app that only lends its parts: it is never started."""
    yield app
    app.database.close()


CRONS = {
    "usual": None,
    "Wednesday": "0 15 * * wed",
    "Monday before the agenda": "0 9 * * mon",
    "Monday noon": "0 12 * * mon",
    "workdays": "30 16 * * mon-fri",
    "daily": "0 15 * * *",
    "once a month": "0 15 1 * *",
}


def test_each_session_is_proposed_once_before_its_day(planner: App) -> None:
    today = MONDAY.date()
    for weekday, (name, cron) in product(WEEKDAYS, CRONS.items()):
        changes = {"proposal": {"cron": cron}} if cron else {}
        park = replace(planner.park, sessions=rules_of(weekday, cron or PROPOSAL))
        with planner.database.write() as db, db.begin_nested() as scratch:
            keep_time(planner, db, park, changes, {})
            planned = [
                session
                for session in sessions.everything(db)
                if session.starts_at < MONDAY + timedelta(weeks=WEEKS)
                and park.local(session.starts_at).date() != today  # planned on its own day
            ]
            assert len(planned) >= WEEKS - 1
            for session in planned:
                acts = [act for act in sessions.history(db, session.id) if act.act == "propose"]
                days = [park.local(act.at).date() for act in acts]
                held = park.local(session.starts_at).date()
                assert [day < held for day in days] == [True], (weekday, name, held, days)
            scratch.rollback()


def test_friday_proposes_monday_and_a_far_weekday_is_reached(planner: App) -> None:
    monday = replace(planner.park, sessions=rules_of("mon", "0 15 * * fri"))
    with planner.database.write() as db:
        keep_time(planner, db, monday, {}, {})
        assert list_proposals(db, monday) == {
            "Mon 10-14": ["Mon 10-14 09:00"],  # planned on its own morning
            "Mon 10-21": ["Fri 10-18 15:00"],
            "Mon 10-28": ["Fri 10-25 15:00"],
            "Mon 11-04": ["Fri 11-01 15:00"],
        }


def test_a_thursdays_session_is_proposed_by_fridays_run_or_on_its_eve(planner: App) -> None:
    thursday = replace(planner.park, sessions=rules_of("thu", "0 15 * * fri"))
    with planner.database.write() as db:
        keep_time(planner, db, thursday, {}, {})
        assert list_proposals(db, thursday) == {
            "Thu 10-17": ["Wed 10-16 09:00"],  # planned after Friday's run
            "Thu 10-24": ["Fri 10-18 15:00"],
            "Thu 10-31": ["Fri 10-25 15:00"],
            "Thu 11-07": ["Fri 11-01 15:00"],
        }


@pytest.mark.parametrize(
    "moves, proposed",
    [
        # a holiday's session, moved before Friday's run
        ({"2024-10-17 11:00": "2024-10-23 19:30"}, ("Wed 10-23", ["Fri 10-18 15:00"])),
        # moved after it to the same week: the office has seen it
        (
            {"2024-10-18 16:00": "2024-10-24 19:30"},
            ("Thu 10-24", ["Fri 10-18 15:00"]),
        ),
        # moved by a week: what was seen is of another day
        (
            {"2024-10-18 16:00": "2024-10-29 19:30"},
            ("Tue 10-29", ["Fri 10-18 15:00", "Fri 10-25 15:00"]),
        ),
    ],
)
def test_a_moved_session_is_proposed_for_its_new_day(
    planner: App, moves: dict[str, str], proposed: tuple[str, list[str]]
) -> None:
    park = replace(planner.park, sessions=rules_of("mon", "0 15 * * fri"))
    with planner.database.write() as db:
        keep_time(planner, db, park, {}, moves)
        day, times = proposed
        assert list_proposals(db, park)[day] == times


def test_an_office_that_wants_no_proposals_gets_none(planner: App) -> None:
    park = replace(planner.park, sessions=rules_of("thu", None))
    with planner.database.write() as db:
        keep_time(planner, db, park, {"proposal": {"enabled": False}}, {})
        assert set(map(tuple, list_proposals(db, park).values())) == {()}
