"""Parks in which people lived through a transcript, for the ledger to be read from."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import MovableClock
from bot.settings import load
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.dialogues.player import Player

Live = Callable[[str], App]
"""Plays a transcript on a new park; its app."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """On both databases."""
    place: SqlitePlace | PostgresPlace = request.getfixturevalue(f"{request.param}_place")
    with ExitStack() as stack:

        def build_park(transcript: str) -> App:
            app = _app(
                stack.enter_context(place.create_migrated()), tmp_path_factory.mktemp("media")
            )
            stack.callback(app.database.close)
            asyncio.run(_play_transcript(app, transcript))
            return app

        yield build_park


def _app(url: str, media: Path) -> App:
    scratch = {"EXCHANGE_STORAGE__URL": url, "EXCHANGE_STORAGE__MEDIA": str(media)}
    early = MovableClock(MONDAY.replace(hour=8), frozen=True)
    return App(load(ROOT / "config.toml", scratch), early)


async def _play_transcript(app: App, transcript: str) -> None:
    await app.start()
    await Player(app).play(transcript, "life")
