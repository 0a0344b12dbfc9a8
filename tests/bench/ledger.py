"""What exporting a ledger of 100,000 issues takes in time and memory, beside openpyxl writing as
many cells of one word."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

from openpyxl import Workbook
from sqlalchemy import Connection, Table, text

from bot.core.issues.lifecycle import Move
from bot.core.origin import Origin
from bot.core.people import Role
from bot.ledger.columns import Field
from storage.database import Database
from storage.issues import issues
from storage.people import people
from storage.tables.issues import events as event_table
from storage.tables.issues import issues as issue_table
from tests.conftest import ROOT
from tests.databases import PostgresPlace, SqlitePlace, postgres_url
from tests.storage.rows import NOW, a_thread, an_issue

ISSUES = 100_000
FIRMS = 900
MOVES = (Move.FILE, Move.ACCEPT, Move.ASK, Move.SUPPLEMENT, Move.ANSWER, Move.RESOLVE, Move.RATE)
MOST = 300
"""Megabytes that the export may take."""
Row = tuple[str, str, str]


def run() -> Iterator[Row]:
    """Rows for the benchmark's table: what, value, ratio to openpyxl alone."""
    with tempfile.TemporaryDirectory() as folder:
        place = SqlitePlace(Path(folder))
        floor = _openpyxl(Path(folder))
        yield (f"ledger: {ISSUES:,} × {len(Field)} words, openpyxl alone", f"{floor:.0f} s", "1.0")
        yield from _measure_export("SQLite", place, Path(folder), floor)
        with postgres_url() as url, closing(PostgresPlace(url)) as server:
            yield from _measure_export("PostgreSQL", server, Path(folder), floor)


def _openpyxl(folder: Path) -> float:
    began = perf_counter()
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(ISSUES):
        sheet.append(["word"] * len(Field))
    book.save(folder / "floor.xlsx")
    return perf_counter() - began


def _measure_export(
    name: str, place: SqlitePlace | PostgresPlace, folder: Path, floor: float
) -> Iterator[Row]:
    with place.create_migrated() as url:
        with closing(Database(url)) as database, database.write() as db:
            _fill(db)
        for suffix in ("xlsx", "csv"):
            out = folder / f"{name}.{suffix}"
            took, memory = _command(url, out)
            size = out.stat().st_size / 1024**2
            value = f"{took:.0f} s, {memory:.0f} MB of memory, {size:.0f} MB file"
            yield (f"ledger: {ISSUES:,} issues as .{suffix}, {name}", value, f"{took / floor:.1f}")
            assert memory < MOST, f"{memory:.0f} MB"


def _command(url: str, out: Path) -> tuple[float, float]:
    """Seconds and the most megabytes of the command, a process of its own."""
    given = {"EXCHANGE_CONFIG": str(ROOT / "config.toml"), "EXCHANGE_STORAGE__URL": url}
    command = [sys.executable, "-m", "bot", "export", "ledger", str(out)]
    began = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return perf_counter() - began, used.ru_maxrss / 1024


def _fill(db: Connection) -> None:
    """Made inside the database from one issue and its history: nothing else is quick enough."""
    liaison = people.add_person(db, "联络员", Role.LIAISON, phone="13900000000")
    for n in range(FIRMS):
        people.add_enterprise(db, f"第{n}号精密机械制造有限公司", liaison_id=liaison)
    thread = a_thread(db)
    words = "二号车间的配电柜下午又跳闸了，影响三条生产线，请尽快派人来看一下。" * 2
    draft = an_issue(thread, "template", owner_id=liaison, accepted_at=NOW, answered_at=NOW)
    template = issues.add(db, draft)
    for n, move in enumerate(MOVES):
        issues.record(db, template, move, Origin(NOW, f"bench:{n}"), text=words)
    firms = {"number": "'T' || CAST(n AS TEXT)", "enterprise_id": f"1 + n % {FIRMS}"}
    _copy_rows(db, issue_table, firms, "base.number = 'template'")
    copies = {"issue_id": "n + 1"}
    _copy_rows(db, event_table, copies, f"base.issue_id = {template}")
    db.execute(text("ANALYZE"))


def _copy_rows(db: Connection, table: Table, own: dict[str, str], which: str) -> None:
    """ISSUES copies of some rows, with expressions of the copy's serial `n` for their own parts."""
    names = [column.name for column in table.columns if column.name != "id"]
    values = ", ".join(own.get(name, f"base.{name}") for name in names)
    statement = f"""
        WITH RECURSIVE serial(n) AS (
            SELECT 1 UNION ALL SELECT n + 1 FROM serial WHERE n < {ISSUES - 1}
        )
        INSERT INTO {table.name} ({", ".join(names)})
        SELECT {values} FROM serial CROSS JOIN {table.name} AS base WHERE {which} ORDER BY n
    """
    db.execute(text(statement))
