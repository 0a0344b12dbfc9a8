"""The files of the ledger: dates are dates, text is text, and nothing half written is left."""

import csv
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.ledger.columns import Cell
from bot.ledger.files import LONGEST, Sheet, fit_text, write_csv, write_xlsx
from tests.peers.libreoffice import convert_file
from tests.peers.libreoffice import soffice as soffice

wall = datetime.fromisoformat  # sheets know no zones
SHEET = Sheet("诉求台账", ["编号", "原话", "时间", "日期", "次数"], [18, 48, 17, 12, 12])
NASTY = ("=1+1", "#N/A", "+86 139", "@SUM(A1)", "-2", "\t=1", "＝1+1", "嬙䶮😀", "一\n二", "'")
ROWS: list[list[Cell]] = [
    [str(n), text, wall("2026-01-05 09:30"), date(2026, 2, 17), n] for n, text in enumerate(NASTY)
]


def test_a_workbook_has_filters_dates_and_only_text(tmp_path: Path) -> None:
    out = tmp_path / "ledger.xlsx"
    assert write_xlsx(out, SHEET, ROWS) == len(ROWS)
    page = load_workbook(out).worksheets[0]
    assert page.title == SHEET.title
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == f"A1:E{len(ROWS) + 1}"
    assert [cell.value for cell in page[1]] == SHEET.headings
    assert page.column_dimensions["B"].width == 48
    for written, row in zip(ROWS, page.iter_rows(min_row=2), strict=True):
        number, text, moment, day, count = row
        assert (number.value, text.value, count.value) == (written[0], written[1], written[4])
        assert (number.data_type, text.data_type) == ("s", "s")
        assert (moment.data_type, moment.value) == ("d", written[2])
        assert day.data_type == "d"
        assert day.value == wall("2026-02-17 00:00")


def test_a_list_opens_in_excel_and_has_no_formula(tmp_path: Path) -> None:
    out = tmp_path / "ledger.csv"
    assert write_csv(out, SHEET, ROWS) == len(ROWS)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == SHEET.headings
    assert rows[0] == ["0", "'=1+1", "2026-01-05 09:30", "2026-02-17", "0"]
    told = [row[1] for row in rows]
    assert told[1:7] == ["#N/A", "'+86 139", "'@SUM(A1)", "'-2", "'\t=1", "'＝1+1"]
    assert told[7:] == ["嬙䶮😀", "一\n二", "'"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1bc\ufffe\ud800d", "abcd"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("长" * (LONGEST + 5), "长" * LONGEST),
        ("x" + "😀" * LONGEST, "x" + "😀" * ((LONGEST - 1) // 2)),  # two units each
        ("xx" + "😀" * LONGEST, "xx" + "😀" * ((LONGEST - 2) // 2)),  # none is cut in half
    ],
)
def test_a_cell_holds_what_excel_can(tmp_path: Path, text: str, kept: str) -> None:
    assert fit_text(text) == kept
    write_xlsx(tmp_path / "ledger.xlsx", SHEET, [["1", text, None, None, None]])
    assert load_workbook(tmp_path / "ledger.xlsx").worksheets[0]["B2"].value == kept


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_nothing_to_tell_is_a_file_with_headings(tmp_path: Path, write: object) -> None:
    out = tmp_path / ("ledger.xlsx" if write is write_xlsx else "ledger.csv")
    assert callable(write)
    assert write(out, SHEET, []) == 0
    assert out.stat().st_size > 20


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_a_fault_in_the_midst_leaves_the_old_file(tmp_path: Path, write: object) -> None:
    def fail_midway() -> Iterator[Sequence[Cell]]:
        yield ROWS[0]
        raise OSError("the database went away")

    out = tmp_path / "ledger"
    out.write_text("old", encoding="utf-8")
    assert callable(write)
    with pytest.raises(OSError, match="went away"):
        write(out, SHEET, fail_midway())
    assert out.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["ledger"]  # noqa: PTH208 - names only


@pytest.mark.slow
def test_libreoffice_reads_it_as_written(soffice: str, tmp_path: Path) -> None:
    """What looks like a formula is text there too, dates are dates: it writes the same again."""
    out, again = tmp_path / "ledger.xlsx", tmp_path / "again"
    write_xlsx(out, SHEET, ROWS)
    convert_file(soffice, out, "xlsx", again)
    page = load_workbook(again / "ledger.xlsx").worksheets[0]
    assert page.auto_filter.ref == f"A1:E{len(ROWS) + 1}"
    for written, row in zip(ROWS, page.iter_rows(min_row=2), strict=True):
        assert [cell.value for cell in row[:3]] == written[:3]
        assert [cell.data_type for cell in row] == ["s", "s", "d", "d", "n"]
