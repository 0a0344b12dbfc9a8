"""A park that has lived for two weeks, its chain whole and its root published."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.actions.chain.append import publish_root
from bot.core.chain.vouchers import encode
from bot.rehearsal.rhythm import Plan
from storage.chain import roots
from storage.database import Database
from tests.rehearsal.play import play

START = date(2025, 2, 24)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of its database."""
    folder = tmp_path_factory.mktemp("lived")
    played = play(Plan(START, days=16, issues=60, enterprises=30, seed=3), folder)
    database = Database(f"sqlite:///{folder / 'rehearsal.db'}")
    with database.write() as db:
        publish_root(db, date(2025, 3, 17), played.ends)
    database.close()
    return folder / "rehearsal.db"


@pytest.fixture
def park(lived: Path) -> Iterator[Database]:
    """The same database; whatever a test writes there it takes back."""
    database = Database(f"sqlite:///{lived}")
    yield database
    database.close()


@pytest.fixture
def printed(park: Database) -> list[str]:
    """The roots as they stand on papers."""
    with park.read() as db:
        return [encode(root.root) for root in roots.everything(db)]
