"""Three Mondays with a holiday among them; `make rehearse` runs fifty."""

import asyncio
from datetime import date, datetime, time, timedelta

from sqlalchemy import text

from bot.app import App
from bot.clock import MovableClock
from tests.monday.chain import Mondays, faults

SEPTEMBER = date(2024, 9, 30)
"""Three weeks from here: National Day (7 October) is a Monday."""
TOLD_TO_ONE = """
    update outbox set kind = 'agenda.mine',
    thread_id = (select id from threads where address = 'hengyu') where kind = 'agenda.published'
"""
SPOILS = (
    "update agenda_items set promise_id = null where promise_id is not null",
    "update agenda_items set matter = 'issue:9' || id where place > 0",
    TOLD_TO_ONE,
    "update outbox set kind = 'x' where kind = 'agenda.group'",
    "update outbox set kind = 'minutes.group' where kind = 'agenda.group'",
)


def test_nothing_vanishes_from_the_chain(app: App) -> None:
    assert asyncio.run(mondays(app, SEPTEMBER, 3)) == 3
    with app.database.read() as db:
        assert faults(db) == []
        assert db.execute(text("select count(*) from promises")).scalar_one() > 0
    for spoil in SPOILS:
        with app.database.engine.connect() as db:
            db.execute(text(spoil))
            assert faults(db) != [], f"the reader did not see: {spoil}"
            db.rollback()


async def mondays(app: App, first: date, weeks: int) -> int:
    """How many sessions were held and closed."""
    assert isinstance(app.clock, MovableClock)
    before = datetime.combine(first - timedelta(days=5), time(9), app.settings.zone)
    app.clock.set(before)
    await app.start()
    await Mondays(app, seed=95).run(first, weeks)
    await app.stop()
    with app.database.read() as db:
        held = "select count(*) from sessions where stage = 'closed'"
        return int(db.execute(text(held)).scalar_one())
