"""`python -m bot import`: take the office's workbook into the registry."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from bot import taxonomy, texts
from bot.actions.context import Context
from bot.actions.departures import leave
from bot.classifier.models import Learning
from bot.classifier.names import Naming
from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.terminal.progress import LateBar
from bot.commands.terminal.words import REFUSED, fail, say, settings, words
from bot.core.messages import Line, Refused
from bot.core.system_errors import explain_system_error
from bot.delivery.compose import post
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
    end: Annotated[bool, typer.Option("--end", help=words("import.end"))] = False,
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
            if end and not dry_run:
                _end_missing(database, report, given, spoken)
    for line in _format_report(report, spoken, dry_run):
        say(line)
    for missing in _format_missing(report, ended=end and not dry_run):
        say(spoken.format_value(missing))
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


def _end_missing(database: Database, report: Report, given: Settings, spoken: Texts) -> None:
    """Whoever the file does not name leaves; the duty desk has what they had."""
    with database.write() as db:
        park, now = given.build_park(), SystemClock().now()
        because = f"import:{secrets.token_hex(8)}"
        learning = Learning(given.taxonomy, given.storage.models)
        context = Context(db, now, park, spoken, because, learning, Naming())
        left = [leave(context, person, None) for person in report.missing]
        says = [told for gone in left for told in gone.says]
        post(db, says, spoken, park, now, because=because)


def _format_missing(report: Report, *, ended: bool) -> list[Line]:
    """Who stands in no row: shown and asked about, never ended in silence."""
    if not report.missing:
        return []
    names = "、".join(person.name for person in report.missing[:SHOWN])
    told = {"count": len(report.missing), "names": names}
    return [Line("import.ended" if ended else "import.missing", told)]


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
