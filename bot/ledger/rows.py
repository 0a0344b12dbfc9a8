"""The ledger's rows, one after the other, and the sheet that they make."""

from collections.abc import Callable, Iterator

from bot.actions.context import Context
from bot.core.reports.ledger import Wanted
from bot.ledger.columns import Cell, Field, headings, load_known, row
from bot.ledger.files import Sheet
from storage.reports import ledger

Watch = Callable[[int], None]
"""Told how many rows are done."""
_USUAL = 12
_WIDTHS = {
    **dict.fromkeys((Field.NUMBER, Field.CONTACT, Field.PHONE, Field.MERGED_INTO), 18),
    **dict.fromkeys((field for field in Field if field.endswith(("_at", "_due"))), 17),
    **dict.fromkeys((Field.TITLE, Field.WHY, Field.DEPARTMENT, Field.ENTERPRISE), 28),
    **dict.fromkeys((Field.WORDS, Field.RESULT), 48),
}


def sheet(context: Context) -> Sheet:
    """The table around the rows."""
    title = context.texts.words["ledger.title"]
    return Sheet(title, headings(context), [_WIDTHS.get(field, _USUAL) for field in Field])


def rows(
    context: Context, wanted: Wanted, watch: Watch = lambda _done: None
) -> Iterator[list[Cell]]:
    """A row for each issue, in the order they were filed. Only a bite of them is in memory."""
    about, done = load_known(context), 0
    for bite in ledger.entries(context.db, wanted):
        for entry, steps in bite:
            yield row(entry, steps, about)
        done += len(bite)
        watch(done)
