"""Says what was read of a workbook although somebody, or a filter, has hidden it."""

from collections.abc import Iterable, Iterator

from openpyxl.utils import get_column_letter

from bot.core.messages import Line
from bot.registry.pages import Book, Page
from bot.registry.xlsx import Table

SHOWN = 10
"""Rows that are named; a filter hides hundreds."""


def list_hidden(tables: Iterable[Table], book: Book) -> Iterator[Line]:
    """A line for each hidden sheet that was read, and for hidden rows and columns of one."""
    by_title = {table.title: table for table in tables}
    for page in book.pages.values():
        table = by_title[page.title]
        if table.hidden:
            yield Line("registry.hidden.sheet", {"sheet": page.title})
        if rows := _list_rows(table, page):
            more = Line("registry.hidden.more") if len(rows) > SHOWN else None
            told = {"sheet": page.title, "count": len(rows), "more": more}
            yield Line("registry.hidden.rows", {**told, "rows": _join(rows[:SHOWN])})
        if columns := sorted(table.hidden_columns.intersection(page.places.values())):
            letters = " ".join(map(get_column_letter, columns))
            yield Line("registry.hidden.columns", {"sheet": page.title, "columns": letters})


def _list_rows(table: Table, page: Page) -> list[int]:
    return [number for number, _ in page.iter_filled_rows() if number in table.hidden_rows]


def _join(rows: Iterable[int]) -> str:
    return " ".join(map(str, rows))
