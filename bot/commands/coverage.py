"""`python -m bot coverage`: the enterprises that nobody answers for, or that have fallen silent."""

from pathlib import Path
from typing import Annotated

import typer

from bot import texts
from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.template import fresh
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.register import Gap
from bot.core.system_errors import explain_system_error
from bot.registry.gaps import format_lacks, write_gaps
from bot.texts import Texts
from storage.reports import coverage as registered

SHOWN = 50
"""Enterprises that are printed; the workbook has all."""


def coverage(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.xlsx", help=words("coverage.out"))
    ] = None,
) -> None:
    given, now = settings(), SystemClock().now()
    spoken = texts.load(given.zone, given.texts)
    with open_database(given) as database, database.read() as db:
        everyone, gaps = registered.count(db), registered.gaps(db, now)
    if out is not None:
        _write_workbook(out, gaps, spoken)
    else:
        for gap in gaps[:SHOWN]:
            say(_line(gap, spoken))
        if len(gaps) > SHOWN:
            say(words("coverage.more", count=len(gaps) - SHOWN))
    say(_total(everyone, gaps))


def _write_workbook(out: Path, gaps: list[Gap], spoken: Texts) -> None:
    fresh(out)
    try:
        write_gaps(out, gaps, spoken)
    except OSError as error:
        fail(words("template.not_written", path=out, detail=explain_system_error(error)))
    say(words("coverage.written", path=out))


def _line(gap: Gap, spoken: Texts) -> str:
    values = {"enterprise": gap.name, "lacks": format_lacks(gap, spoken)}
    if gap.heard_at is None:
        return spoken.render("coverage.line", values)
    return spoken.render("coverage.heard", values | {"heard": gap.heard_at})


def _total(everyone: int, gaps: list[Gap]) -> str:
    if not everyone:
        return words("coverage.none")
    if not gaps:
        return words("coverage.good", all=everyone)
    return words("coverage.total", all=everyone, **registered.totals(gaps))
