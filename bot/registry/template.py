"""Writes the empty workbook that the office fills in."""

from collections.abc import Collection
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.core.people import Residence, Role
from bot.ledger import styles
from bot.registry.pages import pick_heading
from bot.registry.sheets import LAYOUTS, LONGEST, Column, Sheet
from bot.texts import Texts

LAST = 2000
"""The last row that has drop-downs."""
TEXT = "@"
"""A spreadsheet's number format that leaves digits as they are typed."""
_PICKED = {
    # column: the sheet and column whose values may be picked
    Column.DEPARTMENT: (Sheet.DEPARTMENTS, Column.DEPARTMENT),
    Column.LIAISON: (Sheet.PEOPLE, Column.PERSON),
    Column.DEPUTY: (Sheet.PEOPLE, Column.PERSON),
    Column.LEADER: (Sheet.PEOPLE, Column.PERSON),
}


def write_template(path: Path, texts: Texts, service_levels: Collection[str]) -> None:
    """A workbook with a guide and the sheets to fill in. Raises OSError."""
    book = Workbook()
    book.remove(book.worksheets[0])
    guide = book.create_sheet(texts.words["registry.guide"])
    styles.page_of_text(guide, texts.words["registry.how_to"].splitlines(), 100)
    for sheet in Sheet:
        _sheet(book.create_sheet(texts.format_value(sheet)), sheet, texts, service_levels)
    book.save(path)


def _sheet(page: Worksheet, sheet: Sheet, texts: Texts, service_levels: Collection[str]) -> None:
    layout = LAYOUTS[sheet]
    names = [
        pick_heading(layout_column, texts)
        + ("*" if layout_column in layout.mandatory_columns else "")
        for layout_column in layout.columns
    ]
    styles.headings(
        page,
        names,
        [36 if LONGEST.get(layout_column, 0) > 100 else 16 for layout_column in layout.columns],
    )
    for at in range(1, len(names) + 1):
        page.column_dimensions[get_column_letter(at)].number_format = TEXT
    examples = texts.words[_EXAMPLES[sheet]].splitlines()
    for number, line in enumerate(examples, 2):
        styles.row(page, number, [part.strip() for part in line.split("|")], example=True)
    for at, column in enumerate(layout.columns, 1):
        if rule := _choices(sheet, column, texts, service_levels):
            page.add_data_validation(rule)
            rule.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{LAST}")


_EXAMPLES = {
    Sheet.ENTERPRISES: "registry.examples.enterprises",
    Sheet.PEOPLE: "registry.examples.people",
    Sheet.DEPARTMENTS: "registry.examples.departments",
    Sheet.CATEGORIES: "registry.examples.categories",
    Sheet.PROJECTS: "registry.examples.projects",
}


def _choices(
    sheet: Sheet, column: Column, texts: Texts, service_levels: Collection[str]
) -> DataValidation | None:
    """The drop-down of a column: roles and service levels only as listed, names also typed."""
    if column is Column.ROLE:
        return _build_drop_down([texts.format_value(role) for role in Role], texts)
    if column is Column.RESIDENCE:
        return _build_drop_down([texts.format_value(residence) for residence in Residence], texts)
    if column is Column.SERVICE_LEVEL:
        return _build_drop_down(sorted(service_levels), texts)
    source = _PICKED.get(column)
    if source is None or source[0] is sheet:
        return None
    letter = get_column_letter(LAYOUTS[source[0]].columns.index(source[1]) + 1)
    place = f"'{texts.format_value(source[0])}'!${letter}$2:${letter}${LAST}"
    return DataValidation(type="list", formula1=place, allow_blank=True, showErrorMessage=False)


def _build_drop_down(choices: Collection[str], texts: Texts) -> DataValidation:
    rule = DataValidation(
        type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
    )
    rule.errorTitle, rule.error = (
        texts.words["registry.pick.title"],
        texts.words["registry.pick.why"],
    )
    return rule
