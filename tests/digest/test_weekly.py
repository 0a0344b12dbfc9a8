"""Monday's digest: to each leader once, with the picture that its text has, late or in time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.app import App
from bot.clock import MovableClock
from bot.core.days.weeks import read_week
from bot.digest.facts import dump_facts, load_facts
from bot.settings import load
from storage.leaders import digests
from storage.media import media
from storage.tables.delivery import outbox
from tests.conftest import MONDAY, ROOT
from tests.digest.weeks import WEEKS

EIGHT = MONDAY.replace(hour=8)
"""Monday 14 October 2024; the week before is the 41st."""
Make = Callable[..., App]


async def _wake_app(app: App, *moments: datetime) -> None:
    """The app looks at the clock at these moments, and its fetcher once."""
    assert isinstance(app.clock, MovableClock)
    await app.start()
    for moment in moments:
        app.clock.set(moment)
        await app.timekeeper.look()
        await app.postman.drain()
    await app.fetcher.round()
    await app.stop()


def list_digests(app: App) -> list[tuple[str, int]]:
    """The digests that left: text and picture."""
    with app.database.read() as db:
        rows = select(outbox.c.text, outbox.c.media_id).where(outbox.c.kind == "digest.text")
        return [(row.text, row.media_id) for row in db.execute(rows.order_by(outbox.c.id))]


def test_each_leader_is_told_once_and_the_picture_is_painted(make_app: Make) -> None:
    app = make_app()
    asyncio.run(_wake_app(app, EIGHT, EIGHT + timedelta(minutes=1), EIGHT + timedelta(days=1)))
    letters = list_digests(app)
    assert len(letters) == 2
    with app.database.read() as db:
        kept = digests.of_week(db, read_week("2024-W41"))
        items = [media.get(db, media_id) for _text, media_id in letters]
    assert [digest.media_id for digest in kept] == [stored_picture.id for stored_picture in items]
    for item in items:
        assert item.mime == "image/png"
        with Image.open(app.folder.path(item.path)) as picture:
            assert picture.width == 1080
    facts = [load_facts(digest.facts) for digest in kept]
    assert [digest_facts.leader for digest_facts in facts] == ["冯主任", None]
    assert facts[0].own.counted_at == EIGHT


@pytest.mark.parametrize("name", WEEKS)
def test_facts_are_kept_whole(name: str) -> None:
    assert load_facts(dump_facts(WEEKS[name])) == WEEKS[name]


@pytest.mark.parametrize(
    ("hours", "letters"),
    [(47, 2), (48, 0)],  # two days of grace
)
def test_a_park_that_was_down_is_told_of_the_week_it_missed(
    make_app: Make, hours: int, letters: int
) -> None:
    app = make_app()
    asyncio.run(_wake_app(app, EIGHT + timedelta(hours=hours)))
    found = list_digests(app)
    assert len(found) == letters
    assert all("第 41 周" in text for text, _ in found)


def test_a_restart_tells_nothing_twice(make_app: Make) -> None:
    asyncio.run(_wake_app(make_app(), EIGHT))
    again = make_app()
    asyncio.run(_wake_app(again, EIGHT + timedelta(hours=1)))
    assert len(list_digests(again)) == 2


def test_a_picture_that_cannot_be_painted_waits_and_the_text_does_not(
    make_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    monkeypatch.setattr("bot.digest.rasterize.LIMIT", 0.0)  # no process is as quick as that
    asyncio.run(_wake_app(app, EIGHT))
    with app.database.read() as db:
        item = media.get(db, list_digests(app)[0][1])
    assert (item.path, item.attempts) == ("", 1)


def test_another_hour_is_a_setting(tmp_path: Path) -> None:
    scratch = {
        "EXCHANGE_STORAGE__URL": f"sqlite:///{tmp_path / 'exchange.db'}",
        "EXCHANGE_TIMETABLE__DIGEST__CRON": "0 7 * * tue",
    }
    app = App(load(ROOT / "config.toml", scratch), MovableClock(EIGHT, frozen=True))
    asyncio.run(_wake_app(app, EIGHT))
    assert list_digests(app) == []
