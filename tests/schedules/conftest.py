"""An app on either database, as tests of what the clock says want it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
        yield App(load(ROOT / "config.toml", scratch), MovableClock(MONDAY, frozen=True))
