"""What a week's figures cost among a million issues, of the whole park and of one leader's firms;
beside the time the database needs to count its rows."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import Connection, delete, func, select, text

from bot.core.days.weeks import week_of
from bot.core.issues.issue import Issue, Status
from bot.core.people import Role
from storage.database import Database
from storage.issues import issues
from storage.people import people
from storage.reports.figures import of_week
from storage.tables.issues import issues as table
from tests.conftest import MONDAY
from tests.databases import PostgresPlace, SqlitePlace, postgres_url
from tests.storage.rows import a_thread, an_issue

WEEKS, EACH = 52, 19_200
"""Weeks of a year and issues of each: a million together."""
FIRMS, OF_LEADER = 900, 150
RUNS = 5
END = MONDAY.replace(hour=8)
ZONE = END.tzinfo
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Row = tuple[str, str, str]


def run() -> Iterator[Row]:
    """Rows for the benchmark's table: what, value, ratio to counting the rows."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure_figures("SQLite", SqlitePlace(Path(folder)))
    with postgres_url() as url, closing(PostgresPlace(url)) as place:
        yield from _measure_figures("PostgreSQL", place)


def _measure_figures(name: str, place: SqlitePlace | PostgresPlace) -> Iterator[Row]:
    with _fill_database(place) as database, database.read() as db:
        floor = _seconds(db, None, counting=True)
        for what, firms in (("the park", None), ("a leader", range(1, OF_LEADER + 1))):
            took = _seconds(db, firms)
            value = f"{took * 1e3:.0f} ms"
            yield (
                f"week's figures of {what}, 1,000,000 issues, {name}",
                value,
                f"{took / floor:.1f}",
            )


def _seconds(db: Connection, firms: range | None, *, counting: bool = False) -> float:
    return median(_once(db, firms, counting=counting) for _ in range(RUNS))


def _once(db: Connection, firms: range | None, *, counting: bool) -> float:
    began = perf_counter()
    if counting:
        every = db.execute(select(func.count()).select_from(table)).scalar_one()
        assert every == WEEKS * EACH
    else:
        assert ZONE is not None
        found = of_week(db, week_of(END.date()).before(), END, ZONE, firms)
        assert min(found.filed, found.resolution_count, found.open.overdue) > 0
    return perf_counter() - began


@contextmanager
def _fill_database(place: SqlitePlace | PostgresPlace) -> Iterator[Database]:
    """A year of issues: of each week most resolved, some rated or withdrawn, a few still open."""
    with place.create_migrated() as url, closing(Database(url)) as database:
        with database.write() as db:
            owner = people.add_person(db, "owner", Role.LIAISON)
            firms = [people.add_enterprise(db, f"firm {n}") for n in range(FIRMS)]
            thread = a_thread(db)
            for back in range(WEEKS, 0, -1):
                _week(db, END - timedelta(weeks=back), thread, owner, firms[0])
            db.execute(delete(table).where(table.c.number.like("template%")))
        if not database.is_sqlite:
            with database.write() as db:
                db.execute(text("ANALYZE"))  # what its daemon does within minutes
        yield database


def _week(db: Connection, monday: datetime, thread: int, owner: int, firm: int) -> None:
    for day in range(6):
        filed = monday + day * DAY + 2 * HOUR
        fields = {"owner_id": owner, "enterprise_id": firm, "category": f"c{day}"}
        draft = an_issue(thread, f"template {filed}", **fields)
        draft = replace(draft, filed_at=filed, accept_due=filed + HOUR, answer_due=filed + DAY)
        draft = replace(draft, solve_due=filed + 2 * DAY)
        for place, (issue, part) in enumerate(_fates(draft)):
            made = issues.add(db, replace(issue, number=f"template {filed} {place}"))
            _copy_template(db, made, EACH // 6 * part // 100, f"{filed:%y%m%d}-{place}-")


def _fates(filed: Issue) -> Iterator[tuple[Issue, int]]:
    """What becomes of the issues of a day, and of how many in a hundred."""
    taken = replace(filed, status=Status.ACCEPTED, accepted_at=filed.filed_at + HOUR / 2)
    done = replace(taken, status=Status.CLOSED, answered_at=filed.filed_at + 2 * HOUR)
    done = replace(done, resolved_at=filed.filed_at + 30 * HOUR, closed_at=filed.filed_at + 9 * DAY)
    rated = replace(done, confirmed_at=filed.filed_at + 2 * DAY, rated_at=filed.filed_at + 2 * DAY)
    yield done, 45
    yield replace(rated, stars=5), 40
    yield replace(rated, stars=2), 10
    yield replace(filed, status=Status.WITHDRAWN, closed_at=filed.filed_at + DAY), 3
    yield taken, 2


def _copy_template(db: Connection, template: int, count: int, prefix: str) -> None:
    """Rows like the template, made inside the database: nothing else is quick enough."""
    own = {"id", "number", "enterprise_id"}
    same = ", ".join(column.name for column in table.columns if column.name not in own)
    statement = f"""
        WITH RECURSIVE serial(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM serial WHERE n < :count)
        INSERT INTO issues (number, enterprise_id, {same})
        SELECT :prefix || CAST(n AS TEXT), enterprise_id + n % :firms, {same}
        FROM issues CROSS JOIN serial WHERE id = :template
    """
    given = {"count": count, "prefix": prefix, "firms": FIRMS, "template": template}
    db.execute(text(statement), given)
