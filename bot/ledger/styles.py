"""How the workbooks that we write look; text stays text in all of them."""

from collections.abc import Iterable, Sequence

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

LONGEST = 32767
"""Characters of a cell in a workbook."""
HEADING = PatternFill("solid", fgColor="1F4E79")
WRONG = PatternFill("solid", fgColor="FFC7CE")
_WHITE, _GREY = Font(bold=True, color="FFFFFF"), Font(italic=True, color="808080")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def put(sheet: Worksheet, number: int, column: int, text: str) -> Cell:
    """Write text that is never a formula, whatever it begins with."""
    cell = sheet.cell(number, column)
    assert isinstance(cell, Cell), "we merge nothing in sheets of our own"
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST]
    cell.data_type = "s"
    return cell


def headings(sheet: Worksheet, names: Iterable[str], widths: Sequence[int]) -> None:
    """The first row: white on blue, always in sight."""
    for at, (name, width) in enumerate(zip(names, widths, strict=True), 1):
        cell = put(sheet, 1, at, name)
        cell.font, cell.fill = _WHITE, HEADING
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"


def row(sheet: Worksheet, number: int, values: Iterable[str], *, example: bool = False) -> None:
    """One row of texts; an example is grey."""
    for at, value in enumerate(values, 1):
        cell = put(sheet, number, at, value)
        if example:
            cell.font = _GREY


def page_of_text(sheet: Worksheet, lines: Sequence[str], width: int) -> None:
    """A sheet that is read, not filled in."""
    sheet.column_dimensions["A"].width = width
    for number, line in enumerate(lines, 1):
        put(sheet, number, 1, line).alignment = _WRAPPED
    sheet.cell(1, 1).font = Font(bold=True, size=14)
