"""A timetable that is changed on the same day says nothing twice; a tick that keeps failing is told
to the duty desk once a day and to whoever asks for the bot's health."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import select

from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Say
from bot.runtime.timekeeper import Timekeeper
from bot.settings import load
from bot.web.app import build
from schedules import TIMETABLE, Entry
from schedules.tick import Tick
from storage.tables.delivery import outbox
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.schedules.talk import play, says

EIGHT = MONDAY.replace(hour=8)
LATER = {"digest": "40 9 * * mon", "morning": "50 9 * * *", "projects": "45 9 * * *"}


async def walk(app: App, first: datetime, last: datetime) -> Counter[str]:
    """The app keeps time between these moments, looking every five minutes; what it has said."""
    assert isinstance(app.clock, MovableClock)
    await app.start()
    await says(app, "hengyu", "三号路积水")
    moment = first
    while moment <= last:
        app.clock.set(moment)
        await app.timekeeper.look()
        moment += timedelta(minutes=5)
    assert app.timekeeper.list_failing() == []
    told = count_kinds(app)
    await app.stop()
    return told


def count_kinds(app: App) -> Counter[str]:
    with app.database.read() as db:
        return Counter(db.execute(select(outbox.c.kind)).scalars())


def test_a_digest_moved_to_later_on_the_same_monday_comes_once(
    place: SqlitePlace | PostgresPlace, tmp_path: Path
) -> None:
    with place.create_migrated() as url:
        given = {"EXCHANGE_STORAGE__URL": url, "EXCHANGE_STORAGE__MEDIA": str(tmp_path / "media")}
        clock = MovableClock(MONDAY.replace(hour=7), frozen=True)
        app = App(load(ROOT / "config.toml", given), clock)
        before = asyncio.run(walk(app, EIGHT, EIGHT.replace(hour=9, minute=5)))
        assert before["digest.text"] == 2
        assert before["morning.list"] >= 1
        moved = {f"EXCHANGE_TIMETABLE__{name.upper()}__CRON": cron for name, cron in LATER.items()}
        again = App(load(ROOT / "config.toml", given | moved), clock)
        after = asyncio.run(walk(again, EIGHT.replace(hour=9, minute=10), EIGHT.replace(hour=10)))
        for kind in ("digest.text", "morning.list", "project.monday"):
            assert after[kind] == before[kind], kind


class Stuck:
    """A job that fails while it is told to."""

    broken = True

    def job(self, _tick: Tick) -> Sequence[Say]:
        if self.broken:
            raise RuntimeError("provoked")
        return ()


def test_a_tick_that_keeps_failing_is_told_once_a_day(app: App) -> None:
    stuck = Stuck()
    entry = Entry("digest", "0 8 * * mon", stuck.job, timedelta(days=2))

    async def story(app: App) -> None:
        assert isinstance(app.clock, MovableClock)
        app.timekeeper.stop()
        others = [replace(other) for other in TIMETABLE if other.id == "forgetting"]
        keeper = Timekeeper(app.runner, app.clock, app.park.hours.zone, [entry, *others])
        app.timekeeper = keeper
        app.clock.set(EIGHT)
        await keeper.look()
        assert keeper.list_failing() == []  # once is no habit
        assert await _health(app) == (200, [])
        for minutes in (1, 2, 30):
            app.clock.set(EIGHT + timedelta(minutes=minutes))
            await keeper.look()
        assert await _health(app) == (503, ["digest"])
        assert count_kinds(app)["fault.tick"] == 1
        app.clock.set(EIGHT + timedelta(days=1))
        await keeper.look()
        assert count_kinds(app)["fault.tick"] == 2
        stuck.broken = False
        await keeper.look()
        assert await _health(app) == (200, [])

    play(app, story)


async def _health(app: App) -> tuple[int, list[str]]:
    app.postman.looked_at = app.clock.now()
    web = httpx.AsyncClient(
        transport=httpx.ASGITransport(build(app, lifespan=None)), base_url="http://bot"
    )
    answer = await web.get("/healthz")
    return answer.status_code, answer.json()["failing"]
