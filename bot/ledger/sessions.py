"""Sessions and promises as workbooks: one row each, dates as dates, text always text."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.actions.context import Context
from bot.actions.sessions import tally
from bot.actions.sessions.promises import promise_facts
from bot.actions.sessions.views import firm_names
from bot.ledger import styles
from storage.sessions import agenda, promises, sessions

Cell = str | int | float | date | None
Row = Sequence[Cell]
MOMENT, DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"
WIDTH = 18


def session_rows(context: Context) -> list[Row]:
    """Number, kind, when, where, theme, stage, firms that came, promises, and the ledger."""
    counts = {session.id: count for session, count in tally.by_session(context.db)}
    rows: list[Row] = []
    for this_session in sessions.everything(context.db):
        seats = sessions.seats_of(context.db, this_session.id)
        came = sum(seat.enterprise_id is not None and seat.present_at is not None for seat in seats)
        made = len(promises.of_session(context.db, this_session.id))
        count = counts.get(this_session.id, tally.Count())
        ledger = (count.collected, count.done, count.planned, count.infeasible, count.in_hand)
        stage = context.texts.format_value(this_session.stage)
        head = (
            this_session.number,
            this_session.kind,
            _wall(context, this_session.starts_at),
            this_session.place,
            this_session.theme,
            stage,
        )
        rows.append((*head, came, made, *ledger))
    return rows


def promise_rows(context: Context) -> list[Row]:
    """Number, what it is about, for whom, who, what, by when, how it stands, what was answered."""
    rows: list[Row] = []
    for promise in promises.everything(context.db):
        told = promise_facts(context, promise)
        found = agenda.issues_by_id(context.db, promise.issues).values()
        rows.append(
            (
                str(told["number"]),
                " ".join(issue.number for issue in found),
                firm_names(context, promise.firms),
                promise.who,
                promise.what,
                _wall(context, promise.made_at),
                _wall(context, promise.first_due),
                _wall(context, promise.due),
                context.texts.format_value(told["state"]),
                _wall(context, promise.settled_at),
                promise.reason,
                context.texts.words[f"workbook.answer_{promise.answer}"],
                promise.dispute,
            )
        )
    return rows


def write(path: Path, title: str, headings: Sequence[str], rows: Sequence[Row]) -> None:
    """A workbook with one sheet. Raises OSError."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    styles.headings(sheet, headings, [WIDTH] * len(headings))
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            _put(sheet, number, column, value)
    book.save(path)


def _put(sheet: Worksheet, number: int, column: int, value: Cell) -> None:
    if isinstance(value, str):
        styles.put(sheet, number, column, value)
        return
    cell = sheet.cell(number, column, value)
    if isinstance(value, date):
        cell.number_format = MOMENT if isinstance(value, datetime) else DAY


def _wall(context: Context, at: datetime | None) -> datetime | None:
    """The park's wall time; a workbook knows no zones."""
    return context.park.local(at).replace(tzinfo=None) if at else None
