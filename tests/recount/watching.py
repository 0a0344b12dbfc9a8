"""Plays a rehearsal and looks at digest and wall each Monday morning, as they are shown then; says
in words where the events tell otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from bot.actions.context import Context
from bot.app import App
from bot.core.days.weeks import week_of
from bot.core.reports.figures import Figures, Share
from bot.core.reports.ledger import Wanted
from bot.ledger.columns import Field
from bot.ledger.rows import rows
from bot.rehearsal.rhythm import Plan
from bot.rehearsal.run import Rehearsal
from bot.settings import load
from storage.reports import board, figures
from tests.conftest import ROOT
from tests.recount import counts
from tests.recount.counts import Counts, Promise
from tests.recount.replay import Life, read
from tests.rehearsal.office import ZONE, Office

AT = time(8, 30)
EVERYTHING = 10_000
"""More cards than any lane has."""


@dataclass(frozen=True)
class Look:
    """What was printed at one moment, and how far the logs went then."""

    now: datetime
    event: int
    session_event: int
    digest: Figures
    firms: Figures
    wall: dict[str, counts.Told]


def half(firm: int | None) -> bool:
    """Some enterprises: those that one leader could answer for."""
    return firm is not None and firm % 2 == 0


async def play(plan: Plan, folder: Path) -> tuple[Rehearsal, list[Look]]:
    """A rehearsal from beginning to end, with a look each Monday."""
    rehearsal = Rehearsal(load(ROOT / "config.toml", {}), plan, folder)
    await rehearsal.start()
    looks, day = [], next_monday(rehearsal.begins)
    while await rehearsal.once():
        if rehearsal.app.clock.now() >= day:
            looks.append(_look(rehearsal.app))
            day += timedelta(weeks=1)
    await rehearsal.close()
    return rehearsal, looks


def next_monday(after: datetime) -> datetime:
    """The next Monday morning in the park."""
    day = after.astimezone(ZONE).date()
    return datetime.combine(day + timedelta(days=7 - day.weekday()), AT, ZONE)


def _look(app: App) -> Look:
    now = app.clock.now()
    week = week_of(now.astimezone(ZONE).date()).before()
    with app.database.read() as db:
        firms = db.execute(text("SELECT id FROM enterprises")).scalars()
        some = [enterprise for enterprise in firms if half(enterprise)]
        return Look(
            now,
            _last(db, "issue_events"),
            _last(db, "session_events"),
            figures.of_week(db, week, now, ZONE),
            figures.of_week(db, week, now, ZONE, some),
            {pile.lane.value: (pile.count, pile.late) for pile in board.piles(db, now, EVERYTHING)},
        )


def _last(db: Connection, table: str) -> int:
    return int(db.execute(text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one())


def differences(played: Rehearsal, looks: list[Look], path: Path) -> Iterator[str]:
    """Where what was printed is not what the events tell: at each look, at the end for every week,
    and row by row in the ledger."""
    office = Office(played.begins.date(), played.plan.days + 60)
    for look in looks:
        lives, said = read(path, office, look.event), counts.promises(path, look.session_event)
        yield from _digest(look.digest, lives, said, look.now)
        mine = [life for life in lives if half(life.firm)]
        theirs = [promise for promise in said if any(map(half, promise.firms))]
        yield from _digest(look.firms, mine, theirs, look.now)
        yield from _differ(f"wall {look.now}", look.wall, counts.wall(lives, look.now))
    yield from at_the_end(played.app, path, office, played.begins, played.ends)


def at_the_end(
    app: App, path: Path, office: Office, began: datetime, now: datetime
) -> Iterator[str]:
    """Every week counted once more from where the record ends, and the ledger."""
    lives, said = read(path, office), counts.promises(path)
    week, last = (week_of(at.astimezone(ZONE).date()) for at in (began, now))
    with app.database.read() as db:
        while week <= last:
            yield from _digest(figures.of_week(db, week, now, ZONE), lives, said, now)
            week = week.before(-1)
        context = Context(db, now, app.park, app.texts, "recount", app.learning, app.naming)
        printed = [dict(zip(Field, row, strict=True)) for row in rows(context, Wanted())]
    yield from _differ("ledger", len(printed), len(lives))
    for row, life in zip(printed, lives, strict=True):
        told = counts.row_of(life, now)
        told["category"] = told["category"] or app.texts.words["category.none"]
        yield from _differ(life.number, {name: row[Field(name)] for name in told}, told)


def _digest(
    printed: Figures, lives: list[Life], said: list[Promise], now: datetime
) -> Iterator[str]:
    told = counts.of_week(lives, said, printed.week.monday, now)
    yield from _differ(str(printed.week), _flat(printed), told)


def _flat(one: Figures) -> Counts:
    """The figures as plain numbers."""
    return {
        "filed": one.filed,
        "withdrawn": one.withdrawn,
        "response": _of(one.response),
        "kept": {part: _of(getattr(one.kept, part)) for part in ("accept", "answer", "solve")},
        "resolved": one.resolution_count,
        "confirmed": one.settled.confirmed,
        "silent": one.settled.silent,
        "satisfaction": _of(one.satisfaction),
        "open": one.open.all,
        "overdue": one.open.overdue,
        "merged": one.open.merged,
        "waiting": one.open.waiting,
        "planned": one.open.planned,
        "worst": [(late.number, late.due.astimezone(ZONE)) for late in one.worst],
        "line": [(point.filed, point.resolved) for point in one.line],
        "categories": {c.category: (c.filed, c.resolved, c.open) for c in one.categories},
        "recurring": {r.category: (r.issues, r.firms) for r in one.recurring},
        "promises": _of(one.promises),
    }


def _of(share: Share) -> counts.Told:
    return share.n, share.of


def _differ(where: str, printed: object, told: object) -> Iterator[str]:
    if isinstance(printed, dict) and isinstance(told, dict):
        for name in sorted(printed.keys() | told.keys()):
            yield from _differ(f"{where} {name}", printed.get(name), told.get(name))
    elif printed != told:
        yield f"{where}: printed {printed}, the events tell {told}"
