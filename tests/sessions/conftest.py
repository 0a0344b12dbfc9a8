"""A whole app on either database, its clock standing on a Monday, and a session on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.actions.context import Context
from bot.app import App
from bot.clock import MovableClock
from bot.settings import load
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace


@pytest.fixture
def app(place: SqlitePlace | PostgresPlace, tmp_path: Path) -> Iterator[App]:
    with place.create_migrated() as url:
        scratch = {
            "EXCHANGE_STORAGE__URL": url,
            "EXCHANGE_STORAGE__MEDIA": str(tmp_path / "media"),
        }
        early = MovableClock(MONDAY.replace(hour=8), frozen=True)
        app = App(load(ROOT / "config.toml", scratch), early)
        yield app
        app.database.close()


@contextmanager
def open_context(app: App) -> Iterator[Context]:
    """What the bot knows at this moment."""
    with app.database.read() as db:
        yield Context(db, app.clock.now(), app.park, app.texts, "test", app.learning, app.naming)
