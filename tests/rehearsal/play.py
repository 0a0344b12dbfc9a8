"""Plays a rehearsal and has it checked; on demand the power is cut at random moments."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy import create_engine

from bot.rehearsal.rhythm import Plan
from bot.rehearsal.run import Rehearsal
from bot.settings import load
from schedules import SWEEPS, TIMETABLE
from tests.conftest import ROOT
from tests.rehearsal.agenda_reader import Agendas
from tests.rehearsal.chain import Chain
from tests.rehearsal.checker import Checker, ticks
from tests.rehearsal.privacy_reader import strays
from tests.rehearsal.talk_reader import find_talk_faults

WAITS = 14
"""A cut comes after at most so many turns of the event loop within a step."""
FORGETTING = "forgetting"
"""Off: the checker reads the ticks of the whole time."""


def play(plan: Plan, folder: Path, cuts: float = 0, url: str = "") -> Rehearsal:
    """With the shipped settings, from beginning to end; before a step the power is cut with a
    probability of `cuts`. `url` is another database than the folder's own."""
    return asyncio.run(_play(plan, folder, cuts, url))


def faults(played: Rehearsal, folder: Path) -> list[str]:
    """What the checker finds."""
    path = folder / "rehearsal.db"
    checker = Checker(path, played.begins, played.ends)
    found = [*checker.faults(), *_ticks(path, played.begins, played.ends)]
    return [*found, *mondays(f"sqlite:///{path}")]


def mondays(url: str) -> list[str]:
    """What the readers of the evenings, of what everybody received and of the talk find."""
    engine = create_engine(url)
    with engine.connect() as db:
        found = [*Chain(db).faults(), *Agendas(db).faults()]
        found += [*strays(db), *find_talk_faults(db)]
    engine.dispose()
    return found


def _ticks(path: Path, began: datetime, ended: datetime) -> Iterator[str]:
    """The sweeps come only when something is due: that they came in time, the breaches show."""
    for entry in TIMETABLE:
        if entry.id not in {*SWEEPS, FORGETTING}:
            yield from ticks(path, entry.cron, entry.id, began, ended)


async def _play(plan: Plan, folder: Path, cuts: float, url: str) -> Rehearsal:
    off = {f"EXCHANGE_TIMETABLE__{FORGETTING.upper()}__ENABLED": "false"}
    settings = load(ROOT / "config.toml", off)
    rehearsal = Rehearsal(settings, plan, folder, url)
    chance = Random(plan.seed)
    await rehearsal.start()
    going = True
    while going:
        if chance.random() < cuts:
            await _cut(rehearsal, chance)
        else:
            going = await rehearsal.once()
    await rehearsal.close()
    return rehearsal


async def _cut(rehearsal: Rehearsal, chance: Random) -> None:
    """Begin a step, take the app away in the midst of it, put another in its place."""
    step = asyncio.create_task(rehearsal.once())
    for _ in range(chance.randrange(WAITS)):
        await asyncio.sleep(0)
    step.cancel()
    with suppress(asyncio.CancelledError):
        await step
    await rehearsal.reopen()
