"""`python -m bot export ledger`: every issue as a row of a workbook or a list."""

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot import texts
from bot.actions.context import Context
from bot.classifier.models import Learning
from bot.classifier.names import Naming
from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.terminal.choose import the_enterprise
from bot.commands.terminal.progress import LateBar
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.issues.issue import Status
from bot.core.reading import fold
from bot.core.reports.ledger import Wanted
from bot.core.system_errors import explain_system_error
from bot.ledger.files import LAST_ROW, write_csv, write_xlsx
from bot.ledger.rows import rows, sheet
from bot.settings import Settings
from bot.texts import Texts
from storage.issues import categories as written
from storage.reports import ledger as remembered

WRITERS = {".xlsx": write_xlsx, ".csv": write_csv}
_DAY = re.compile(r"(\d{4})(?:\D(\d{1,2})\D(\d{1,2})\D?|(\d\d)(\d\d))")


def ledger(
    out: Annotated[Path, typer.Argument(metavar="OUT", help=words("cli.ledger.out"))],
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help=words("cli.ledger.since"))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help=words("cli.ledger.until"))
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help=words("cli.ledger.category"))
    ] = None,
    enterprise: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help=words("cli.ledger.enterprise"))
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help=words("cli.ledger.status"))
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help=words("cli.ledger.overwrite"))
    ] = False,
) -> None:
    given = settings()
    spoken = texts.load(given.zone, given.texts)
    _writable(out, overwrite)
    first, last = _days(since, until)
    stages = _stages(status or (), spoken)
    with open_database(given) as database, database.snapshot() as db:
        wanted = Wanted(
            since=_midnight(first, given),
            until=_midnight(last and last + timedelta(days=1), given),
            categories=_categories(db, category or (), given, spoken),
            enterprises=[the_enterprise(db, name).id for name in enterprise or ()],
            statuses=stages,
        )
        learning = Learning(given.taxonomy, given.storage.models)
        now = SystemClock().now()
        count = _write_ledger(
            out, Context(db, now, given.build_park(), spoken, "", learning, Naming()), wanted
        )
    say(words("cli.export.written", path=out, count=count))


def _write_ledger(out: Path, context: Context, wanted: Wanted) -> int:
    total = remembered.count(context.db, wanted)
    if out.suffix.lower() == ".xlsx" and total >= LAST_ROW:
        fail(words("cli.ledger.too_many", count=total, most=LAST_ROW - 1))
    write = WRITERS[out.suffix.lower()]
    with LateBar(words("cli.ledger.working")) as bar:
        found = rows(context, wanted, lambda done: bar.step(done, total))
        try:
            return write(out, sheet(context), found)
        except OSError as error:
            fail(words("template.not_written", path=out, detail=explain_system_error(error)))


def _writable(out: Path, overwrite: bool) -> None:
    """Known before anything is read: hours of somebody's colouring are not written over."""
    if out.suffix.lower() not in WRITERS:
        fail(words("cli.ledger.suffix", path=out))
    if out.exists() and not overwrite:
        fail(words("cli.ledger.exists", path=out))
    if not out.parent.is_dir():
        fail(words("cli.ledger.no_folder", path=out.parent))


def _days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    first, last = _day(since), _day(until)
    if first and last and first > last:
        fail(words("cli.ledger.backwards", since=since, until=until))
    return first, last


def _day(typed: str | None) -> date | None:
    """A day with its year, in any of the usual ways of writing one; ends the command else."""
    if typed is None:
        return None
    found = _DAY.fullmatch(fold(typed))
    if found is None:
        fail(words("cli.ledger.no_day", typed=typed))
    parts = [int(part) for part in found.groups() if part]
    try:
        return date(*parts)
    except ValueError:
        fail(words("cli.ledger.no_such_day", typed=typed))


def _midnight(day: date | None, given: Settings) -> datetime | None:
    return datetime.combine(day, time(), given.zone) if day else None


def _stages(typed: Collection[str], spoken: Texts) -> list[Status]:
    named = {
        name: status for status in Status for name in (status.value, spoken.format_value(status))
    }
    for name in typed:
        if name not in named:
            listed = " ".join(spoken.format_value(status) for status in Status)
            fail(words("cli.ledger.no_status", typed=name, all=listed))
    return [named[name] for name in typed]


def _categories(
    db: Connection, typed: Collection[str], given: Settings, spoken: Texts
) -> list[str]:
    """Names that the park has, and those that issues carry from before one was deleted."""
    if not typed:
        return []
    taxonomy = Learning(given.taxonomy, given.storage.models).taxonomy
    known = [category.name for category in taxonomy.categories]
    known += [category.name for category in written.all_categories(db)]
    named = {
        category_name: category_name
        for category_name in (*known, *remembered.categories(db))
        if category_name
    }
    named[spoken.words["category.none"]] = ""
    for name in typed:
        if name not in named:
            fail(words("cli.ledger.no_category", typed=name, all=" ".join(named)))
    return [named[name] for name in typed]
