"""`python -m bot rehearse`: a year of a park's life with the office's own rules."""

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from bot import logs
from bot.clock import monotonic
from bot.commands.terminal.progress import LateBar
from bot.commands.terminal.words import say, settings, words
from bot.core.messages import Line
from bot.rehearsal.rhythm import Plan, usual_start
from bot.settings import Settings
from storage.reports.months import Month, months, whole

WIDE = 120
"""Columns of a table that nobody reads at a terminal."""
SHOWN_FAULTS = 5


def rehearse(
    config: Annotated[
        Path | None, typer.Option("--config", metavar="TOML", help=words("rehearsal.config"))
    ] = None,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=3660, help=words("rehearsal.days"))
    ] = 365,
    issues: Annotated[
        int, typer.Option("--issues", metavar="N", min=1, help=words("rehearsal.issues"))
    ] = 2400,
    enterprises: Annotated[
        int, typer.Option("--enterprises", metavar="N", min=1, help=words("rehearsal.enterprises"))
    ] = 900,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=words("rehearsal.seed"))] = 1,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--start", metavar="DATE", formats=["%Y-%m-%d"], help=words("rehearsal.start")
        ),
    ] = None,
) -> None:
    given = settings(config)
    logs.set_up(given.log, given.secrets())
    begins = start.date() if start else usual_start()
    plan = Plan(begins, days, issues, enterprises, seed)
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        played = asyncio.run(_run_rehearsal(given, plan, Path(folder)))
    _show(plan, played.months)
    told = {"heard": played.heard, "carried": played.carried}
    say(words("rehearsal.counted", **told, seconds=monotonic() - began))
    if played.faults:
        lines = "\n".join(played.faults[:SHOWN_FAULTS])
        say(words("rehearsal.faults", count=len(played.faults), lines=lines))


@dataclass(frozen=True)
class _Played:
    """What came of it."""

    months: list[Month]
    heard: int
    carried: int
    faults: list[str]


async def _run_rehearsal(given: Settings, plan: Plan, folder: Path) -> _Played:
    # Here, because the other commands start faster without the whole application.
    from bot.rehearsal.run import Rehearsal

    played = Rehearsal(given, plan, folder)
    with LateBar(words("rehearsal.working")) as bar:
        await played.start()
        await played.run(bar.step)
    with played.app.database.read() as db:
        found = months(db, given.zone)
    await played.close()
    return _Played(found, played.heard, played.phones.carried, played.faults)


def _show(plan: Plan, found: list[Month]) -> None:
    shape = {"days": plan.days, "enterprises": plan.enterprises}
    table = Table(
        title=words("rehearsal.title", start=f"{plan.start}", **shape),
        box=SIMPLE,
        padding=(0, 0, 0, 1),
    )
    for n, heading in enumerate(words("rehearsal.headings").split()):
        table.add_column(heading.replace("/", "\n"), justify="right" if n else "left", no_wrap=True)
    for month in found:
        table.add_row(f"{month.month:%Y-%m}", *_cells(month))
    if found:
        table.add_section()
        table.add_row(words("rehearsal.total"), *_cells(whole(found)))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table)
    if found:
        say(_summary(whole(found)))


def _cells(month: Month) -> list[str]:
    return [
        str(month.filed),
        _of(month.accepted_in_time, month.to_accept),
        str(month.reminded),
        str(month.to_department),
        str(month.to_task_force),
        str(month.to_leader),
        _of(month.resolved, month.to_resolve),
        _of(month.resolved_in_time, month.to_resolve),
        _of(month.rated, month.resolved),
        _of(month.satisfied, month.rated),
        str(month.sessions),
        _of(month.kept, month.promised),
    ]


def _of(count: int, of: int) -> str:
    return words("rehearsal.of", count=count, of=of)


def _summary(total: Month) -> str:
    return words(
        "rehearsal.summary",
        accepted=_rate(total.accepted_in_time, total.to_accept),
        resolved=_rate(total.resolved, total.to_resolve),
        in_time=_rate(total.resolved_in_time, total.to_resolve),
        rated=_rate(total.rated, total.resolved),
        satisfied=_rate(total.satisfied, total.rated),
        sessions=total.sessions,
        kept=_rate(total.kept, total.promised),
    )


def _rate(count: int, of: int) -> Line:
    if not of:
        return Line("rehearsal.no_rate")
    return Line("rehearsal.rate", {"share": count / of, "count": count, "of": of})
