"""Writes a copy of a file with every remark beside the cell that it is about."""

import re
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from bot.core.messages import Refused
from bot.ledger import styles
from bot.registry.files import load, read_csv, read_xlsx
from bot.registry.pages import Remark
from bot.registry.sheets import Sheet
from bot.registry.xlsx import Table
from bot.texts import Texts

MARK = "✗ "
"""How our lines in a comment begin; all others are somebody's own."""
_SIZE = 90, 300
"""Height and width of a comment, in points."""


def find_copy_path(path: Path, texts: Texts) -> Path:
    """A name beside the file that nothing has yet: what people mended in an older copy stays."""
    ending = texts.words["registry.annotated"]
    stem = re.sub(rf"{re.escape(ending)}\d*$", "", path.stem)
    names = (
        path.with_name(f"{stem}{ending}{number or ''}.xlsx") for number in (0, *range(2, 10**6))
    )
    return next(name for name in names if not name.exists())


def annotate(path: Path, remarks: Iterable[Remark], texts: Texts) -> Path:
    """Write the copy; where it is. The file was read before. Raises OSError."""
    out = find_copy_path(path, texts)
    book = _copy_book(path, texts)
    author = texts.words["registry.author"]
    for sheet in book.worksheets:
        _clean(sheet, author)
    for remark in remarks:
        _mark(book[remark.sheet], remark, author, texts)
    book.save(out)
    return out


def _copy_book(path: Path, texts: Texts) -> Workbook:
    if path.suffix.lower() in (".csv", ".txt"):
        return _build_plain([Table(texts.format_value(Sheet.ENTERPRISES), read_csv(path))])
    try:
        return load(path)
    except Refused:
        # Its values were read; of its looks something is not as openpyxl wants it.
        return _build_plain(read_xlsx(path))


def _build_plain(tables: Iterable[Table]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table.title)
        for number, values in enumerate(table.rows, 1):
            styles.row(sheet, number, ("" if value is None else str(value) for value in values))
    return book


def _clean(sheet: Worksheet, author: str) -> None:
    """Take our remarks of last time away, and leave other people's."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is None or MARK not in cell.comment.text:
                continue
            lines = cell.comment.text.splitlines()
            others = "\n".join(line for line in lines if not line.startswith(MARK))
            cell.comment = _comment(others, author) if others else None
            cell.fill = PatternFill()


def _mark(sheet: Worksheet, remark: Remark, author: str, texts: Texts) -> None:
    cell = _anchor(sheet, remark.row, remark.column or 1)
    before = [cell.comment.text] if cell.comment is not None else []
    said = "\n".join([*before, f"{MARK}{texts.format_value(remark.line)}"])
    cell.comment = _comment(said, author)
    cell.fill = styles.WRONG


def _comment(said: str, author: str) -> Comment:
    height, width = _SIZE
    return Comment(said, author, height, width)


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell that is seen at this place: of merged ones, the first."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    merged = next(
        cell_range for cell_range in sheet.merged_cells.ranges if cell.coordinate in cell_range
    )
    return _anchor(sheet, merged.min_row, merged.min_col)
