"""A firm can end in the register without losing its past, and come back."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.people import Residence
from bot.registry.importer import load
from storage.database import Database
from storage.issues import issues
from storage.people import people
from storage.reports import coverage
from tests.commands.command_line import Run as Say
from tests.commands.command_line import command_line as command_line
from tests.commands.command_line import demo_database as demo_database
from tests.conftest import MONDAY
from tests.registry.books import PEOPLE, Table, firms, format_remarks, import_file, write
from tests.storage.rows import a_thread, an_issue

COLUMNS = ("企业名称", "状态")


def take(database: Database, folder: Path, *rows: tuple[str, str]) -> list[str]:
    """Import these firms; what was remarked."""
    sheets: dict[str, Table] = {**firms(*rows, columns=COLUMNS), "人员": PEOPLE[:1]}
    with database.write() as db:
        return format_remarks(import_file(db, write(folder / "a.xlsx", sheets)))


@pytest.mark.parametrize(
    ("written", "residence"),
    [
        ("", Residence.HERE), ("在用", Residence.HERE), ("正常", Residence.HERE), ("无", None),
        ("停用", Residence.CLOSED), ("已注销", Residence.CLOSED), ("停 业", Residence.CLOSED),
        ("迁出", Residence.MOVED), ("搬走", Residence.MOVED), ("快了", None),
    ],
)  # fmt: skip
def test_the_column_says_how_a_firm_stands(
    sqlite_database: Database, tmp_path: Path, written: str, residence: Residence | None
) -> None:
    remarks = take(sqlite_database, tmp_path, ("甲公司", written))
    with sqlite_database.read() as db:
        assert [firm.residence for firm in load(db).enterprises] == (
            [residence] if residence else []
        )
    wrong = f"企业 B2 没有“{written}”这个状态，可填：在园、停业、迁出"
    assert remarks == ([] if residence else [wrong])


def test_a_firm_that_is_gone_keeps_its_past_and_is_counted_no_more(
    database: Database, tmp_path: Path
) -> None:
    take(database, tmp_path, ("甲公司", ""), ("乙公司", ""))
    with database.write() as db:
        first, _ = people.all_enterprises(db)
        draft = replace(an_issue(a_thread(db)), enterprise_id=first.id)
        kept = issues.add(db, draft)
    assert take(database, tmp_path, ("甲公司", "迁出")) == []
    with database.write() as db:
        assert issues.get(db, kept).enterprise_id == first.id
    with database.read() as db:
        assert people.all_enterprises(db)[0] == replace(first, residence=Residence.MOVED)
        assert coverage.count(db) == 1
        assert [gap.name for gap in coverage.gaps(db, MONDAY)] == ["乙公司"]
    # An empty cell changes nothing, a word brings it back.
    take(database, tmp_path, ("甲公司", ""))
    with database.read() as db:
        assert coverage.count(db) == 1
    take(database, tmp_path, ("甲公司", "在园"))
    with database.read() as db:
        assert people.all_enterprises(db)[0] == first
        assert coverage.count(db) == 2


def test_a_firm_that_is_gone_gets_no_code(
    demo_database: Database, command_line: Say, tmp_path: Path
) -> None:
    take(demo_database, tmp_path, ("恒宇电子有限公司", "停业"))
    status, said = command_line("qr", "恒宇")
    assert status == 1
    assert "恒宇电子有限公司 登记为停业，没有给绑定码" in said
    status, said = command_line("qr", "--all", "enterprises", "--out", tmp_path / "a.html")
    assert status == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "绿洲" in page
    assert "恒宇" not in page
