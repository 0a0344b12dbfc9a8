"""One access token for the whole bot."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from bot.channels.tencent.tokens import EARLY, TokenKeeper
from bot.clock import MovableClock
from storage.database import Database
from storage.delivery.tokens import Token
from storage.migrate import migrate
from storage.writers import GroupWriter

NOON = datetime(2024, 10, 14, 4, tzinfo=UTC)
LIFE = timedelta(hours=2)


class Platform:
    """stable_token: the same token for every asker until it nears its end or is forced."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self.asked: list[bool] = []
        self.made = 0
        self.ends = NOON

    def __call__(self, force: bool) -> Token:
        self.asked.append(force)
        if force or self.clock.now() >= self.ends - timedelta(minutes=5):
            self.made += 1
            self.ends = self.clock.now() + LIFE
        return Token(f"token-{self.made}", self.ends)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[GroupWriter]:
    """The database of the bot."""
    database = Database(f"sqlite:///{tmp_path / 'exchange.db'}")
    migrate(database)
    writer = GroupWriter(database)
    yield writer
    writer.close()
    database.close()


@pytest.fixture
def platform() -> Platform:
    """Its own clock is the test's."""
    return Platform(MovableClock(NOON, frozen=True))


def _keeper(writer: GroupWriter, platform: Platform) -> TokenKeeper:
    return TokenKeeper("wechat:wx1", writer, platform.clock, platform)


def test_twelve_threads_fetch_one_token(writer: GroupWriter, platform: Platform) -> None:
    keeper, gate = _keeper(writer, platform), Barrier(12)

    def ask(_: int) -> str:
        gate.wait()
        return keeper.current()

    with ThreadPoolExecutor(12) as threads:
        assert set(threads.map(ask, range(12))) == {"token-1"}
    assert platform.asked == [False]


def test_a_restart_needs_no_new_token(writer: GroupWriter, platform: Platform) -> None:
    assert _keeper(writer, platform).current() == "token-1"
    assert _keeper(writer, platform).current() == "token-1"
    assert platform.asked == [False]


def test_it_is_renewed_before_it_ends(writer: GroupWriter, platform: Platform) -> None:
    keeper = _keeper(writer, platform)
    assert keeper.current() == "token-1"
    platform.clock.set(NOON + LIFE - EARLY - timedelta(seconds=1))
    assert keeper.current() == "token-1"
    platform.clock.set(NOON + LIFE - EARLY)
    assert keeper.current() == "token-2"
    assert platform.asked == [False, False]


def test_what_another_process_renewed_is_taken(writer: GroupWriter, platform: Platform) -> None:
    ours, theirs = _keeper(writer, platform), _keeper(writer, platform)
    assert ours.current() == theirs.current() == "token-1"
    platform.clock.set(NOON + LIFE)
    assert theirs.current() == "token-2"
    assert ours.current() == "token-2"
    assert platform.asked == [False, False]


def test_a_refused_token_is_forced_only_when_asking_does_not_help(
    writer: GroupWriter, platform: Platform
) -> None:
    keeper = _keeper(writer, platform)
    refused = keeper.current()
    assert keeper.instead_of(refused) == "token-2"
    assert platform.asked == [False, False, True]


def test_threads_that_are_refused_together_renew_once(
    writer: GroupWriter, platform: Platform
) -> None:
    keeper = _keeper(writer, platform)
    refused, gate = keeper.current(), Barrier(8)

    def ask(_: int) -> str:
        gate.wait()
        return keeper.instead_of(refused)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {"token-2"}
    assert platform.asked == [False, False, True]
