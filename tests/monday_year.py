"""`make rehearse`: fifty Mondays in a row on a scratch database, read by an independent reader."""

import asyncio
import tempfile
from datetime import date
from pathlib import Path

from bot.app import App
from bot.clock import MovableClock
from bot.settings import load
from tests.conftest import MONDAY, ROOT
from tests.monday.chain import faults
from tests.monday.test_chain import mondays

WEEKS = 50


def main() -> None:
    """Print what was held and what is wrong; exit with 1 when anything is."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = {
            "EXCHANGE_STORAGE__URL": f"sqlite:///{Path(folder) / 'year.db'}",
            "EXCHANGE_STORAGE__MEDIA": str(Path(folder) / "media"),
            "EXCHANGE_LOG": "text",
        }
        app = App(load(ROOT / "config.toml", scratch), MovableClock(MONDAY, frozen=True))
        held = asyncio.run(mondays(app, date(2024, 1, 8), WEEKS))
        with app.database.read() as db:
            found = faults(db)
        app.database.close()
    print(f"{held} sessions held; {len(found)} faults", *found[:20], sep="\n")
    raise SystemExit(bool(found) or held != WEEKS)


if __name__ == "__main__":
    main()
