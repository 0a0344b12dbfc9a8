"""What the sweep costs: 100 issues due among a million open ones, beside 100 among ten thousand;
and how fast a rehearsal lives."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection, delete, text

from bot.app import App
from bot.clock import MovableClock
from bot.core.issues.issue import Issue
from bot.core.messages import Say
from bot.core.people import Role
from bot.rehearsal.rhythm import Plan
from bot.rehearsal.run import Rehearsal
from bot.settings import load
from schedules.issues import sweep
from schedules.tick import Tick
from storage.database import Database
from storage.issues import issues
from storage.people import people
from storage.tables.issues import issues as table
from tests.conftest import ROOT
from tests.databases import PostgresPlace, SqlitePlace, postgres_url
from tests.storage.rows import NOW, a_thread, an_issue

FEW, MANY, DUE = 10_000, 1_000_000, 100
RUNS = 7
"""The least disturbed of them counts: the machine may have other work."""
OWNERS = 50
PLAN = Plan(NOW.date(), days=30, issues=150, enterprises=60)
Row = tuple[str, str, str]


def run() -> list[Row]:
    """Rows for the benchmark's table: what, value, ratio to the sweep among few."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _compare_sweeps("SQLite", SqlitePlace(Path(folder)))
        with postgres_url() as url, closing(PostgresPlace(url)) as place:
            rows += _compare_sweeps("PostgreSQL", place)
        rows.append(asyncio.run(_measure_rehearsal(Path(folder))))
    return rows


def _compare_sweeps(name: str, place: SqlitePlace | PostgresPlace) -> Iterator[Row]:
    with _fill_database(place, FEW) as few_url, _fill_database(place, MANY) as many_url:
        few, many = asyncio.run(_quickest(few_url, many_url))
    for among, took in ((FEW, few), (MANY, many)):
        what = f"sweep: {DUE} due among {among:,} open, {name}"
        yield (what, f"{took * 1e3:.0f} ms", f"{took / few:.2f}")


async def _quickest(few_url: str, many_url: str) -> tuple[float, float]:
    """Taken in turns, so that other work on the machine meets both alike."""
    few, many = _app(few_url), _app(many_url)
    for app in (few, many):
        await _seconds(app)  # the first prepares statements
    took = [(await _seconds(few), await _seconds(many)) for _ in range(RUNS)]
    await few.stop()
    await many.stop()
    return min(seconds for seconds, _ in took), min(seconds for _, seconds in took)


def _app(url: str) -> App:
    settings = load(ROOT / "config.toml", {"EXCHANGE_STORAGE__URL": url})
    return App(settings, MovableClock(NOW, frozen=True))


async def _seconds(app: App) -> float:
    """One sweep that finds a missed deadline in every issue due; then all is as before."""

    def job(tick: Tick) -> Sequence[Say]:
        began = perf_counter()
        says = sweep(tick)
        took = perf_counter() - began
        assert sum(say.key == "notice.escalated" for say in says) == DUE
        raise _Measured(took)

    try:
        await app.runner.tick("tick:sweep", job, NOW)
    except _Measured as done:
        return done.took
    raise AssertionError("unreachable")


class _Measured(Exception):  # noqa: N818 - rolls the sweep back
    def __init__(self, took: float) -> None:
        super().__init__()
        self.took = took


@contextmanager
def _fill_database(place: SqlitePlace | PostgresPlace, among: int) -> Iterator[str]:
    """The URL of a database with so many issues in somebody's hands: some due, most tomorrow."""
    with place.create_migrated() as url, closing(Database(url)) as database:
        with database.write() as db:
            owners = [people.add_person(db, f"{n}", Role.LIAISON) for n in range(OWNERS)]
            thread = a_thread(db)
            now = _issue(thread, owners[0], NOW)
            later = _issue(thread, owners[0], NOW + timedelta(days=1))
            _copy_template(db, issues.add(db, now), DUE, "D")
            _copy_template(db, issues.add(db, later), among - DUE, "L")
            db.execute(delete(table).where(table.c.number.like("template%")))
            db.execute(text("ANALYZE"))
        yield url


def _issue(thread: int, owner: int, due: datetime) -> Issue:
    filed = due - timedelta(hours=1)
    draft = an_issue(thread, f"template {due}", owner_id=owner, swept_at=filed, clock_from=filed)
    return replace(draft, filed_at=filed, accept_due=due, next_due_at=due)


def _copy_template(db: Connection, template: int, count: int, prefix: str) -> None:
    """Rows like the template, made inside the database: nothing else is quick enough."""
    own = {"id", "number", "owner_id"}
    same = ", ".join(column.name for column in table.columns if column.name not in own)
    statement = f"""
        WITH RECURSIVE serial(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM serial WHERE n < :count)
        INSERT INTO issues (number, owner_id, {same})
        SELECT :prefix || CAST(n AS TEXT), owner_id + n % :owners, {same}
        FROM issues CROSS JOIN serial WHERE id = :template
    """
    given = {"count": count, "prefix": prefix, "owners": OWNERS, "template": template}
    db.execute(text(statement), given)


async def _measure_rehearsal(folder: Path) -> Row:
    """Messages heard and delivered in a second of a rehearsal's life."""
    rehearsal = Rehearsal(load(ROOT / "config.toml", {}), PLAN, folder)
    await rehearsal.start()
    began = perf_counter()
    await rehearsal.run()
    took = perf_counter() - began
    await rehearsal.close()
    events = rehearsal.heard + rehearsal.phones.carried
    return (f"rehearsal: {PLAN.issues} issues in {PLAN.days} days", f"{events / took:,.0f}/s", "")
