"""Finds the sheets and columns of a file by their headings, as people write them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process

from bot.core.messages import Line, Refused
from bot.registry.cells import identity
from bot.registry.sheets import LAYOUTS, Column, Sheet
from bot.texts import Texts

Rows = Sequence[Sequence[object]]
SEARCHED = 10
"""Rows at the top among which the headings are looked for: many lists begin with a title."""
NEAR = 60.0
"""Likeness (of 100) from which another name is worth suggesting."""


@dataclass(frozen=True)
class Remark:
    """Something that the author of the file should know about a row, or one cell of it.

    The row was not taken where it `refuses`. Rows and columns count from 1.
    """

    sheet: str
    row: int
    column: int | None
    heading: str
    line: Line
    refuses: bool = True

    @property
    def place(self) -> str:
        """Where it is, as the spreadsheet names it: `C5`, or the row alone."""
        return f"{get_column_letter(self.column)}{self.row}" if self.column else str(self.row)


@dataclass(frozen=True)
class Page:
    """One sheet of a file: its rows, and where the known columns are."""

    sheet: Sheet
    title: str
    headings: int
    places: Mapping[Column, int]
    titles: Mapping[Column, str]
    rows: Rows

    def iter_filled_rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """The rows below the headings that hold anything, with their numbers."""
        for number, row in enumerate(self.rows[self.headings :], self.headings + 1):
            if any(value not in (None, "") for value in row):
                yield number, row

    def value(self, row: Sequence[object], column: Column) -> object:
        """What a row holds in a column; None where the sheet has no such column."""
        place = self.places.get(column)
        return row[place - 1] if place and place <= len(row) else None

    def remark(
        self, row: int, column: Column | None, line: Line, *, refuses: bool = True
    ) -> Remark:
        """A remark about a row of this sheet."""
        place = self.places.get(column) if column else None
        heading = self.titles.get(column, "") if column else ""
        return Remark(self.title, row, place, heading, line, refuses)


@dataclass(frozen=True)
class Book:
    """All that was found in a file, and what nobody will read of it."""

    pages: Mapping[Sheet, Page]
    unread: tuple[Line, ...] = ()


def find(named: Mapping[str, Rows], texts: Texts) -> Book:
    """The pages of a workbook. Raises Refused when a needed sheet or column is missing."""
    titles = {identity(title): title for title in named}
    found: dict[Sheet, str] = {}
    for sheet in Sheet:
        name = texts.format_value(sheet)
        if identity(name) in titles:
            found[sheet] = titles[identity(name)]
        elif not LAYOUTS[sheet].optional:
            listed = texts.words["registry.between"].join(named)
            raise Refused("registry.file.no_sheet", sheet=name, found=listed)
    pages = {sheet: page(sheet, title, named[title], texts) for sheet, title in found.items()}
    return Book(pages, tuple(_unread(named, pages, texts)))


def page(sheet: Sheet, title: str, rows: Rows, texts: Texts) -> Page:
    """A sheet with its columns. Raises Refused when a needed column is missing or one is twice."""
    spoken = {
        identity(word): known_column
        for known_column in Column
        for word in texts.list_words(f"column.{known_column}")
    }
    best: dict[Column, int] = {}
    for number, row in enumerate(rows[:SEARCHED], 1):
        places = _places(row, spoken, LAYOUTS[sheet].columns)
        if set(LAYOUTS[sheet].mandatory_columns) <= places.keys():
            titles = {column: _clean_heading(row[at - 1]) for column, at in places.items()}
            return Page(sheet, title, number, places, titles, rows)
        best = max(best, places, key=len)
    raise _no_column(sheet, title, rows, best, texts)


def _places(
    row: Sequence[object], spoken: Mapping[str, Column], known: Sequence[Column]
) -> dict[Column, int]:
    places: dict[Column, int] = {}
    for at, value in enumerate(row, 1):
        column = spoken.get(identity(_clean_heading(value)))
        if column and column in known:
            places.setdefault(column, at)
    return places


def _clean_heading(value: object) -> str:
    return str(value or "").strip().strip("*＊").strip()


def _no_column(
    sheet: Sheet, title: str, rows: Rows, found: Mapping[Column, int], texts: Texts
) -> Refused:
    lacking = next(column for column in LAYOUTS[sheet].mandatory_columns if column not in found)
    top = next((row for row in rows[:SEARCHED] if any(row)), ())
    between = texts.words["registry.between"]
    return Refused(
        "registry.file.no_column",
        sheet=title,
        column=pick_heading(lacking, texts),
        found=between.join(_clean_heading(cell) for cell in top if cell)
        or texts.words["registry.nothing"],
        known=between.join(pick_heading(column, texts) for column in LAYOUTS[sheet].columns),
    )


def pick_heading(column: Column, texts: Texts) -> str:
    """The usual heading of a column, the first of its words."""
    return texts.words[f"column.{column}"].split()[0]


def _unread(named: Mapping[str, Rows], pages: Mapping[Sheet, Page], texts: Texts) -> Iterator[Line]:
    read = {known_page.title for known_page in pages.values()} | {texts.words["registry.guide"]}
    for title in named:
        if title not in read:
            yield Line("registry.unread.sheet", {"sheet": title})
    for known_page in pages.values():
        yield from unread_columns(known_page, texts)


def unread_columns(one: Page, texts: Texts) -> Iterator[Line]:
    """Headings that mean nothing to us; a misspelt one is said to be near another."""
    missing = [column for column in LAYOUTS[one.sheet].columns if column not in one.places]
    choices = [pick_heading(column, texts) for column in missing]
    for at, value in enumerate(one.rows[one.headings - 1], 1):
        written = _clean_heading(value)
        if not written or at in one.places.values():
            continue
        near = process.extractOne(written, choices, scorer=fuzz.ratio, score_cutoff=NEAR)
        values = {"sheet": one.title, "column": written, "near": near and near[0]}
        yield Line("registry.unread.near" if near else "registry.unread.column", values)
