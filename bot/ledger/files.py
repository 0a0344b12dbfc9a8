"""Writes rows into a workbook or a list, one at a time, so that memory does not grow with them;
the file appears only when it is whole. User text is never a formula."""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.ledger import styles
from bot.ledger.columns import Cell

LAST_ROW = 1_048_576
"""Rows of a sheet (Excel specifications and limits); a longer ledger is cut up, or a list."""
LONGEST = 32_767
"""Characters of a cell, counted as Excel does: in UTF-16 units."""
MOMENT, DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for."""
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula in a list; the wide ones too (OWASP, CSV
injection)."""


@dataclass(frozen=True)
class Sheet:
    """One table: its name, its headings and how wide each column is, in characters."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]


def write_xlsx(path: Path, sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> int:
    """A workbook with filters and a heading that stays in sight; how many rows. Raises OSError."""
    with _whole(path) as half:
        book = Workbook(write_only=True)
        page: Any = book.create_sheet(sheet.title)  # its type says less than it can
        _head(page, sheet)
        count = 0
        try:
            for row in rows:
                page.append([_cell(page, value) for value in row])
                count += 1
            page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{count + 1}"
        finally:
            page.close()
        book.save(half)
    return count


def write_csv(path: Path, sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> int:
    """A list in UTF-8 with the mark by which Excel knows it; how many rows. Raises OSError."""
    with _whole(path) as half, half.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(_format_cell, sheet.headings))
        count = 0
        for row in rows:
            writer.writerow(map(_format_cell, row))
            count += 1
    return count


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Another name in the same folder, which becomes `path` at the end; on any fault nothing is
    left."""
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield half
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _head(page: Any, sheet: Sheet) -> None:
    for at, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(at)].width = width
    page.freeze_panes = "B2"
    cells = [_text(page, name) for name in sheet.headings]
    for cell in cells:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), styles.HEADING
    page.append(cells)


def _cell(page: Any, value: Cell) -> SheetCell | int | None:
    if value is None or value == "":
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return _text(page, value)
    cell = WriteOnlyCell(page)
    cell.number_format = MOMENT if isinstance(value, datetime) else DAY
    cell.value = value
    return cell


def _text(page: Any, text: str) -> SheetCell:
    cell = WriteOnlyCell(page, fit_text(text))
    # openpyxl takes what begins with = for a formula, and #N/A for an error.
    cell.data_type = "s"
    return cell


def fit_text(text: str) -> str:
    """The text as a cell can hold it."""
    kept = _clean(text)
    if len(kept) * 2 <= LONGEST:
        return kept
    units = kept.encode("utf-16-le")[: LONGEST * 2]
    return units.decode("utf-16-le", "ignore")


def _format_cell(value: Cell) -> str | int:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        kept = _clean(value)
        return f"'{kept}" if kept.startswith(_FORMULA) else kept
    return "" if value is None else value


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
