"""Each due time is posted exactly once, whatever the number of processes, restarts and jumps of the
clock: what is posted is what one undisturbed process posts."""

import asyncio
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot import demo
from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Incoming, Kind
from schedules import SWEEPS
from storage.database import Database
from storage.tables.delivery import outbox, threads
from storage.tables.issues import events
from storage.tables.once import once
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.schedules.keeper import MOMENTS, settings

pytestmark = pytest.mark.slow

FILED = MONDAY.replace(hour=7, minute=50)
SAID = {"hengyu": "三号路积水", "xinzheng": "西门的灯坏了", "lvzhou": "食堂排烟管堵了"}
KILLS = 2
Posted = Counter[tuple[str, ...]]


@pytest.fixture(scope="module")
def reference_posts(sqlite_place: SqlitePlace) -> Posted:
    """What one process posts."""
    with sqlite_place.create_migrated() as url:
        asyncio.run(_walk(url, MOMENTS))
        return list_posts(url)


def test_one_process_posts_something(reference_posts: Posted) -> None:
    kinds = Counter(posting[1] for posting in reference_posts)
    assert kinds["morning.list"] == 2 * 3  # two liaisons, three mornings
    assert kinds["notice.remind"] + kinds["notice.remind_several"] > 3
    assert kinds["notice.escalated"] > 3
    assert kinds["agenda.group"] == 1
    assert sum(posting[0] == "tick" and "morning" in posting[1] for posting in reference_posts) == 3
    assert set(reference_posts.values()) == {1}


def test_two_processes_on_one_postgres(
    postgres_place: PostgresPlace, reference_posts: Posted
) -> None:
    with postgres_place.create_migrated() as url:
        asyncio.run(_walk(url, ()))
        both = [_keeper(url, MOMENTS[0]) for _ in range(2)]
        for process in both:
            assert _line(process) == "ready"
        for process in both:
            _go(process)
        for process in both:
            out, _ = process.communicate(timeout=60)
            assert out.split() == [moment.isoformat() for moment in MOMENTS]
        assert list_posts(url) == reference_posts


def test_one_process_killed_at_random(sqlite_place: SqlitePlace, reference_posts: Posted) -> None:
    chance = Random(20241014)
    with sqlite_place.create_migrated() as url:
        asyncio.run(_walk(url, ()))
        at = MOMENTS[0]
        for _ in range(KILLS):
            at = _run_until_killed(url, at, chance.randrange(5, len(MOMENTS) // KILLS))
        assert at < MOMENTS[-1]
        _run_until_killed(url, at, len(MOMENTS))
        assert list_posts(url) == reference_posts


def test_a_clock_set_back_and_forward(sqlite_place: SqlitePlace, reference_posts: Posted) -> None:
    """The hands go back and forth by up to a day; whatever has been said is not said again."""
    chance = Random(7)
    there_and_back: list[datetime] = []
    for at, moment in enumerate(MOMENTS):
        there_and_back += [*chance.choices(MOMENTS[: at + 1], k=2), moment]
    with sqlite_place.create_migrated() as url:
        asyncio.run(_walk(url, there_and_back))
        assert list_posts(url) == reference_posts


def test_downtime_is_caught_up_within_the_grace_and_skipped_beyond(
    sqlite_place: SqlitePlace,
) -> None:
    """Down from Monday 08:40: up again at 11:40 the list of 08:45 comes; down all Tuesday it is not
    told on Wednesday."""
    back = [
        MONDAY.replace(hour=11, minute=40),
        (MONDAY + timedelta(days=1)).replace(hour=11, minute=50),
        (MONDAY + timedelta(days=2)).replace(hour=9, minute=0),
    ]
    with sqlite_place.create_migrated() as url:
        asyncio.run(_walk(url, back))
        ticks = sorted(
            posting[1]
            for posting in list_posts(url)
            if posting[0] == "tick" and "morning" in posting[1]
        )
    assert ticks == ["tick:morning:2024-10-14T08:45+0800", "tick:morning:2024-10-16T08:45+0800"]


_CODE = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")
"""A root or a voucher: made with salts, so another one each time."""


def list_posts(url: str) -> Posted:
    """Every tick but the sweeps', everything said because of a tick, every move of the clock."""
    database = Database(url)
    with database.read() as db:
        keys = db.execute(select(once.c.key).where(once.c.key.like("tick:%"))).scalars()
        whose = outbox.join(threads, threads.c.id == outbox.c.thread_id)
        said = select(outbox, threads.c.address).select_from(whose)
        said = said.where(outbox.c.because.like("tick:%"))
        moved = select(events).where(events.c.because.like("tick:%"))
        found: list[tuple[str, ...]] = [
            ("tick", key) for key in keys if key.split(":")[1] not in SWEEPS
        ]
        found += [
            ("say", row.kind, row.because, f"{row.address} {_CODE.sub('', row.text)}")
            for row in db.execute(said)
        ]
        found += [
            ("move", row.move, row.because, f"{row.issue_id} {row.text}")
            for row in db.execute(moved)
        ]
    database.close()
    return Counter(found)


async def _walk(url: str, moments: Sequence[datetime]) -> None:
    """Settle the park, file what people say, and keep time in this process."""
    clock = MovableClock(FILED, frozen=True)
    app = App(settings(url), clock)
    await app.start()
    with app.database.write() as db:
        demo.settle(db)
    for user, words in SAID.items():
        address, content = Address(demo.CHANNEL, user), Content(Kind.TEXT, words)
        await app.runner.hear(Incoming(f"said:{user}", address, content, FILED))
    for moment in moments:
        clock.set(moment)
        await app.timekeeper.look()
    await app.stop()


def _keeper(url: str, first: datetime) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.schedules.keeper", url, first.isoformat()]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def _run_until_killed(url: str, first: datetime, looks: int) -> datetime:
    """One life of a process, ended without ceremony after so many looks; where its clock stood."""
    process = _keeper(url, first)
    assert _line(process) == "ready"
    _go(process)
    at = first
    for _ in range(looks):
        line = _line(process)
        if not line:
            break
        at = datetime.fromisoformat(line)
    process.kill()
    process.communicate()
    return at


def _go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
