"""What one look at the board costs: 200 open issues with none closed and with many;
and drawn whole, beside reading the lanes alone."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Connection, delete, text

from bot import texts
from bot.core.days.weeks import week_of
from bot.core.issues.issue import Status
from bot.core.park.park import Park
from bot.core.reports.figures import Figures
from bot.texts import Texts
from bot.web.board.page import MOST
from bot.web.board.view import Wall, names_on
from storage.database import Database
from storage.issues import issues
from storage.people import people
from storage.reports import board
from storage.reports.figures import of_week
from storage.tables.issues import issues as table
from tests.databases import PostgresPlace, SqlitePlace, postgres_url
from tests.storage.rows import NOW, a_thread, an_issue

OPEN, CLOSED = 200, 300_000
RUNS = 9
PARK = Park(name="", prefix="YZ")
Row = tuple[str, str, str]


def run() -> Iterator[Row]:
    """Rows for the benchmark's table: what, value, ratio to the same look with nothing closed."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _compare_boards("SQLite", SqlitePlace(Path(folder)))
    with postgres_url() as url, closing(PostgresPlace(url)) as place:
        yield from _compare_boards("PostgreSQL", place)


def _compare_boards(name: str, place: SqlitePlace | PostgresPlace) -> Iterator[Row]:
    with _fill_database(place, 0) as database, database.read() as db:
        floor = _seconds(db)
        drawn = _seconds(db, of_week(db, week_of(NOW.date()), NOW, PARK.hours.zone))
    with _fill_database(place, CLOSED) as database, database.read() as db:
        took = _seconds(db)
    yield f"board: {OPEN} open, none closed, {name}", f"{floor * 1e3:.1f} ms", "1.00"
    what = f"board: {OPEN} open, {CLOSED:,} closed, {name}"
    yield what, f"{took * 1e3:.1f} ms", f"{took / floor:.2f}"
    yield f"board: {OPEN} open, drawn, {name}", f"{drawn * 1e3:.1f} ms", f"{drawn / floor:.2f}"


def _seconds(db: Connection, week: Figures | None = None) -> float:
    spoken = texts.load(PARK.hours.zone)
    _once(db, spoken, week)  # the first prepares the statement
    return median(_once(db, spoken, week) for _ in range(RUNS))


def _once(db: Connection, spoken: Texts, week: Figures | None) -> float:
    """One look; drawn too, with a week's figures."""
    began = perf_counter()
    piles = board.piles(db, NOW, MOST)
    assert sum(pile.count for pile in piles) == OPEN
    if week is not None:
        Wall(spoken, PARK, NOW, True, True, names_on(piles, ())).of(piles, (), week)
    return perf_counter() - began


@contextmanager
def _fill_database(place: SqlitePlace | PostgresPlace, closed: int) -> Iterator[Database]:
    """Open issues in four lanes, and so many that were struck off."""
    with place.create_migrated() as url, closing(Database(url)) as database:
        with database.write() as db:
            firms = [people.add_enterprise(db, f"第{n}电子有限公司") for n in range(50)]
            thread = a_thread(db)
            lanes = (Status.FILED, Status.ACCEPTED, Status.WAITING, Status.PLANNED)
            for n in range(OPEN):
                firm, status = firms[n % len(firms)], lanes[n % len(lanes)]
                issues.add(db, an_issue(thread, f"open {n}", status=status, enterprise_id=firm))
            gone = an_issue(thread, "template", status=Status.CLOSED, enterprise_id=firms[0])
            made = issues.add(db, replace(gone, closed_at=NOW, resolved_at=NOW))
            _copy_template(db, made, closed)
            db.execute(delete(table).where(table.c.number == "template"))
        with database.write() as db:
            db.execute(text("ANALYZE"))
        yield database


def _copy_template(db: Connection, template: int, count: int) -> None:
    """Rows like the template, made inside the database."""
    if not count:
        return
    same = ", ".join(column.name for column in table.columns if column.name not in ("id", "number"))
    statement = f"""
        WITH RECURSIVE serial(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM serial WHERE n < :count)
        INSERT INTO issues (number, {same})
        SELECT 'closed ' || CAST(n AS TEXT), {same}
        FROM issues CROSS JOIN serial WHERE id = :template
    """
    db.execute(text(statement), {"count": count, "template": template})
