"""What every test may ask for: a database of either kind, an app on a hand-turned clock; and no
test reaches further than this machine."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import App
from bot.clock import MovableClock
from bot.settings import Settings, is_loopback, load
from storage.database import Database
from tests.databases import PostgresPlace, SqlitePlace, postgres_url

ROOT = Path(__file__).resolve().parents[1]
MONDAY = datetime(2024, 10, 14, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Where the clock of an app stands at first: a Monday morning within office hours."""
STORIES = frozenset({"dialogues", "faults", "recount", "rehearsal", "upgrade"})
"""Folders whose every test lives through days of a park."""


class FarAwayError(RuntimeError):
    """A test tried to reach another machine."""


def _stay_home(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name and not is_loopback(name) and name != "0.0.0.0":
        raise FarAwayError(f"{name}: tests talk to this machine only")


sys.addaudithook(_stay_home)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what `make quick` leaves out: whole stories, a browser, the second database."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        on_postgres = "postgres" in item.name or "postgres_place" in getattr(
            item, "fixturenames", ()
        )
        if folder in STORIES or on_postgres or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> SqlitePlace:
    return SqlitePlace(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_place() -> Iterator[PostgresPlace]:
    with postgres_url() as url:
        place = PostgresPlace(url)
        yield place
        place.close()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> SqlitePlace | PostgresPlace:
    """Where databases of one kind can be made; a test that asks for it runs on both kinds."""
    found: SqlitePlace | PostgresPlace = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture
def database(place: SqlitePlace | PostgresPlace) -> Iterator[Database]:
    """A migrated, empty database; a test that asks for it runs on both kinds."""
    with place.create_migrated() as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """The shipped settings on a scratch folder; keywords are the environment's
    (`SERVER__PORT="9000"`)."""

    def make(**environment: str) -> Settings:
        scratch = {
            "STORAGE__URL": f"sqlite:///{tmp_path / 'exchange.db'}",
            "STORAGE__MEDIA": str(tmp_path / "media"),
        }
        given = {f"EXCHANGE_{name}": value for name, value in (scratch | environment).items()}
        return load(ROOT / "config.toml", given)

    return make


@pytest.fixture
def make_app(make_settings: Callable[..., Settings]) -> Callable[..., App]:
    """An app on a scratch folder that nobody has started, its clock standing at MONDAY."""

    def make(**environment: str) -> App:
        return App(make_settings(**environment), MovableClock(MONDAY, frozen=True))

    return make
