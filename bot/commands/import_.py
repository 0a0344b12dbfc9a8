"""`python -m bot import`: take the office's workbook into the registry."""

from pathlib import Path
from typing import Annotated

import typer

from bot import taxonomy, texts
from bot.commands.migrate import open_database
from bot.commands.terminal.progress import LateBar
from bot.commands.terminal.words import REFUSED, fail, say, settings, words
from bot.core.messages import Line, Refused
from bot.core.system_errors import explain_system_error
from bot.registry.annotations import annotate, find_copy_path
from bot.registry.files import open_book
from bot.registry.importer import Watch, take_in
from bot.registry.pages import Book, Remark
from bot.registry.report import Report, Rules
from bot.settings import Settings
from bot.texts import Texts
from storage.database import Database

SHOWN = 20
"""Remarks that are printed; all of them are in the annotated copy."""


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=words("import.file"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=words("import.dry_run"))] = False,
) -> None:
    given = settings()
    spoken = texts.load(given.zone, given.texts)
    with LateBar(spoken.words["import.working"]) as bar:
        try:
            book = open_book(file, spoken)
        except Refused as no:
            fail(spoken.render(no.key, no.values))
        with open_database(given) as database:
            report = _import_book(database, book, given, spoken, bar.step, dry_run)
    for line in _format_report(report, spoken, dry_run):
        say(line)
    if report.refusal_count and not dry_run:
        _annotate_file(file, report, spoken)
    if report.refusal_count:
        raise typer.Exit(REFUSED)


def _import_book(
    database: Database, book: Book, given: Settings, spoken: Texts, watch: Watch, dry_run: bool
) -> Report:
    with database.write() as db, db.begin_nested() as trial:
        report = take_in(db, book, _rules(given), spoken, watch)
        if dry_run:
            trial.rollback()
        return report


def _rules(given: Settings) -> Rules:
    shipped = taxonomy.park()
    keywords = {
        word: category.name for category in shipped.categories for word in category.keywords
    }
    calendar = given.build_park().hours.calendar
    return Rules(service_levels=tuple(given.service_levels), keywords=keywords, calendar=calendar)


def _format_report(report: Report, spoken: Texts, dry_run: bool) -> list[str]:
    counts = [
        Line("import.count", {"noun": noun, "new": c.new, "changed": c.changed, "same": c.same})
        for noun, c in report.counts.items()
    ]
    lines = [Line("import.tried")] if dry_run else []
    lines += counts or [Line("import.empty")]
    if counts and not report.changes:
        lines.append(Line("import.unchanged"))
    lines += [*report.unread, *map(_line, report.remarks[:SHOWN])]
    if len(report.remarks) > SHOWN:
        lines.append(Line("import.more", {"count": len(report.remarks) - SHOWN}))
    if report.refusal_count:
        lines.append(Line("import.refused", {"count": report.refusal_count}))
    return [spoken.format_value(line) for line in lines]


def _line(one: Remark) -> Line:
    if one.column is None or not one.refuses:
        values = {"sheet": one.sheet, "row": one.row, "reason": one.line}
        return Line("import.remark_row" if one.refuses else "import.note_row", values)
    place = {"sheet": one.sheet, "place": one.place, "heading": one.heading}
    return Line("import.remark", place | {"reason": one.line})


def _annotate_file(file: Path, report: Report, spoken: Texts) -> None:
    refusals = [remark for remark in report.remarks if remark.refuses]
    try:
        say(words("import.annotated", path=annotate(file, refusals, spoken)))
    except OSError as error:
        path = find_copy_path(file, spoken)
        say(words("import.not_annotated", path=path, detail=explain_system_error(error)))
