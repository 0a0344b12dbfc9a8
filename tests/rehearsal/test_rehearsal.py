"""A month of a park's life, with the power cut now and then, read by a checker that knows nothing
of the bot's rules; and the checker itself, which finds what is broken on purpose."""

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.rehearsal.rhythm import Plan
from bot.rehearsal.run import Rehearsal
from storage.database import Database
from tests.databases import PostgresPlace
from tests.rehearsal.play import faults, mondays, play
from tests.rehearsal.privacy_reader import count_marked

PLAN = Plan(date(2026, 1, 26), days=25, issues=60, enterprises=40, seed=2)
"""Across the Spring Festival with its make-up days."""
CUTS = 0.03
FILE = "rehearsal.db"
STRAY = """UPDATE outbox SET thread_id = (SELECT thread_id FROM outbox
    WHERE kind = 'receipt.filed' LIMIT 1) WHERE kind IN ('notice.filed', 'minutes.part')"""
GOSSIP = """UPDATE outbox SET text = (SELECT text FROM issue_events WHERE move = 'instruct' LIMIT 1)
    WHERE kind = 'news.accepted'"""
ASIDE = """UPDATE outbox SET text = text || '刚开完会，头都大了' WHERE kind = 'news.accepted'"""
PRESSED = """UPDATE issue_events SET because = (SELECT m.key FROM messages m
    JOIN outbox o ON o.because = m.key WHERE o.kind = 'talk.greeting' LIMIT 1)
    WHERE move = 'urge'"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rehearsal")


@pytest.fixture(scope="module")
def rehearsal(folder: Path) -> Rehearsal:
    return play(PLAN, folder, CUTS)


def count_rows(path: Path, statement: str) -> Counter[str]:
    with sqlite3.connect(path) as db:
        found = Counter(dict(db.execute(statement).fetchall()))
    db.close()
    return found


def test_the_clock_keeps_what_it_promises(rehearsal: Rehearsal, folder: Path) -> None:
    assert faults(rehearsal, folder) == []
    assert rehearsal.faults == []


def test_it_is_a_life(rehearsal: Rehearsal, folder: Path) -> None:
    """Everything happens that the checker is there to look at."""
    moves = count_rows(folder / FILE, "SELECT move, count(*) FROM issue_events GROUP BY move")
    kinds = count_rows(folder / FILE, "SELECT kind, count(*) FROM outbox GROUP BY kind")
    assert PLAN.issues * 0.9 < moves["file"] < PLAN.issues * 1.2
    for move in ("accept", "ask", "answer", "escalate", "resolve", "rate", "not_solved"):
        assert moves[move] > 0, move
    for kind in ("notice.remind", "notice.escalated", "morning.list", "news.ask_again"):
        assert kinds[kind] > 0, kind
    for kind in ("agenda.mine", "session.reminder", "promise.confirm", "minutes.part"):
        assert kinds[kind] > 0, kind
    assert rehearsal.phones.carried > 10 * PLAN.issues
    for kind in ("talk.greeting", "talk.who", "talk.process", "thanks.noted", "meant.ask"):
        assert kinds[kind] > 0, kind


def test_two_mondays_on_postgres(postgres_place: PostgresPlace, tmp_path: Path) -> None:
    """National Day among them: nothing vanishes, nothing strays, everything is posted once."""
    plan = Plan(date(2026, 9, 24), days=15, issues=20, enterprises=12, seed=2)
    with postgres_place.create_migrated() as url, closing(Database(url)) as database:
        assert play(plan, tmp_path, url=url).faults == []
        assert mondays(url) == []
        with database.read() as db:
            held = db.execute(text("SELECT count(*) FROM sessions WHERE stage = 'closed'"))
            assert (held.scalar_one(), count_marked(db) > 10) == (2, True)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM issue_events WHERE move = 'escalate'", "should have heard by"),
        ("DELETE FROM outbox WHERE kind = 'notice.breached'", "no notice.breached"),
        ("UPDATE issue_events SET text = 'accept' WHERE move = 'escalate'", "was not broken"),
        (
            "UPDATE issue_events SET at = date(at) || ' 15:30:00' WHERE move = 'escalate'",
            "at night",
        ),
        (
            "UPDATE outbox SET sent_at = datetime(sent_at, '+40 days') WHERE kind LIKE '%remind%'",
            "which was kept",
        ),
        (
            "UPDATE outbox SET not_before = date(sent_at) || ' 10:00' WHERE kind LIKE '%remind%'",
            "and again at",
        ),
        ("UPDATE outbox SET text = replace(text, '日（', '9日（')", "promised"),
        (
            "UPDATE outbox SET text = replace(text, '前', '后') WHERE kind = 'receipt.filed'",
            "promised nothing",
        ),
        ("DELETE FROM once WHERE key LIKE 'tick:morning:2026-02-03%'", "was missed"),
        (
            "UPDATE once SET key = replace(key, '08:45', '08:46') WHERE key LIKE 'tick:morning%'",
            "is no due time",
        ),
        ("UPDATE agenda_items SET issues = '[]', matter = 'issue:9' || id", "is not in"),
        ("UPDATE agenda_items SET promise_id = NULL WHERE promise_id > 0", "is not in"),
        ("DELETE FROM session_events WHERE act = 'told'", "put to the enterprise 0 times"),
        ("UPDATE session_events SET at = datetime(at, '+6 minutes') WHERE act = 'told'", "as late"),
        ("UPDATE outbox SET kind = 'x' WHERE kind = 'agenda.group'", "was never posted"),
        ("UPDATE outbox SET kind = 'agenda.mine' WHERE kind = 'session.reminder'", "2 times to"),
        ("UPDATE outbox SET kind = 'minutes.group' WHERE kind = 'minutes.part'", "to the group"),
        ("DELETE FROM outbox WHERE kind = 'minutes.part'", "not once to"),
        ("UPDATE agenda_items SET minutes = 90 WHERE place > 0", "minutes of 120"),
        ("UPDATE agenda_items SET outcome = 'waits', wait = 1, issues = '[]'", "was to wait until"),
        ("UPDATE agenda_items SET outcome = 'waits'", "nobody says until when"),
        ("UPDATE agenda_items SET outcome = 'waits', wait = 9 WHERE came", ", nobody's, does not"),
        ("UPDATE agenda_items SET place = -place WHERE outcome <> 'gone'", "in disorder"),
        (STRAY, "tells of"),
        (GOSSIP, "tells '"),
        ("UPDATE issue_events SET text = '您好' WHERE move = 'file'", "is made of '您好'"),
        ("UPDATE issue_events SET text = '' WHERE move IN ('file', 'supplement')", "is nowhere"),
        ("DELETE FROM outbox WHERE kind LIKE 'talk.%'", "was unanswered"),
        (
            "UPDATE issue_events SET text = '中午一起去食堂吧' WHERE move = 'answer'",
            "became answer",
        ),
        (PRESSED, "was taken for urge"),
        (ASIDE, "tells a firm"),
    ],
)
def test_the_checker_finds_what_is_broken(
    rehearsal: Rehearsal, folder: Path, tmp_path: Path, damage: str, said: str
) -> None:
    shutil.copyfile(folder / FILE, tmp_path / FILE)
    with sqlite3.connect(tmp_path / FILE) as db:
        assert db.execute(damage).rowcount > 0
    db.close()
    assert any(said in fault for fault in faults(rehearsal, tmp_path))


def test_the_same_seed_is_the_same_life(tmp_path: Path) -> None:
    short = Plan(date(2026, 3, 2), days=4, issues=12, enterprises=8, seed=9)
    lives = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        play(short, folder)
        with sqlite3.connect(folder / FILE) as db:
            lives.append(db.execute("SELECT move, at, text FROM issue_events").fetchall())
        db.close()
    assert lives[0] == lives[1]
    assert len(lives[0]) > 20
