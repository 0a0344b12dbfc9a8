"""A bot in a process of its own that only keeps time: `python -m tests.schedules.keeper URL FIRST`.

It says `ready`, waits for a line, looks at its clock at each of the MOMENTS from FIRST on, and says
each when it is done with it.
"""

import asyncio
import sys
from datetime import datetime, timedelta

from bot.app import App
from bot.clock import MovableClock
from bot.settings import Settings, load
from tests.conftest import MONDAY, ROOT

MOMENTS = tuple(
    MONDAY.replace(hour=7, minute=55) + timedelta(days=day, minutes=minutes)
    for day in range(3)
    for minutes in range(0, 200, 5)
)
"""Three mornings, from before quiet hours end until every list is out and the ladder is climbed."""


def settings(url: str) -> Settings:
    """The shipped ones on another database, where somebody has settled the park already."""
    given = {"EXCHANGE_STORAGE__URL": url, "EXCHANGE_CHANNELS__LOCAL__DEMO": "false"}
    return load(ROOT / "config.toml", given)


async def keep(url: str, first: datetime) -> None:
    """Keep time from `first` on."""
    clock = MovableClock(first, frozen=True)
    app = App(settings(url), clock)
    await app.start()
    print("ready", flush=True)
    sys.stdin.readline()
    for moment in MOMENTS:
        if moment >= first:
            clock.set(moment)
            await app.timekeeper.look()
            print(moment.isoformat(), flush=True)
    await app.stop()


if __name__ == "__main__":
    asyncio.run(keep(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
