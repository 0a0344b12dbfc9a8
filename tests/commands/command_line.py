"""The command line as a test runs it: the exit code, and all that it printed."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from bot import demo
from bot.__main__ import app
from bot.commands.terminal.cli_help import obey
from storage.database import Database
from storage.migrate import migrate
from tests.conftest import ROOT

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def command_line(capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs `python -m bot` with these arguments, in this process."""
    root = logging.getLogger()
    before = root.handlers, root.level

    def run(*arguments: object) -> tuple[int, str]:
        status = obey(app, [str(argument) for argument in arguments])
        printed = capfd.readouterr()
        return status, printed.out + printed.err

    yield run
    # `run` sets up the log of the whole process.
    root.handlers, root.level = before
    structlog.reset_defaults()


@pytest.fixture
def demo_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The demo park, where the commands look for it."""
    url = f"sqlite:///{tmp_path / 'exchange.db'}"
    monkeypatch.setenv("EXCHANGE_CONFIG", str(ROOT / "config.toml"))
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", url)
    database = Database(url)
    migrate(database)
    with database.write() as db:
        demo.settle(db)
    yield database
    database.close()
