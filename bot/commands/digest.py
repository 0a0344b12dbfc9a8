"""`python -m bot digest`: the weekly digests as files, a text and a picture of each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.actions.context import Context
from bot.actions.leaders.decisions import block, preview_decisions
from bot.commands.agenda import context
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.days.weeks import NoSuchWeek, Week, read_week, week_before
from bot.core.people import Person, Role
from bot.core.reports.digest import Facts
from bot.core.system_errors import explain_system_error
from bot.digest.facts import is_latest, of_leader, of_park
from bot.digest.picture import draw_picture
from bot.digest.rasterize import paint_picture
from bot.digest.words import build_values
from storage.people import people

_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]')


def digest(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=words("cli.digest.out"))],
    week: Annotated[
        str | None, typer.Option("--week", metavar="2026-W47", help=words("cli.digest.week"))
    ] = None,
    leader: Annotated[
        str | None, typer.Option("--leader", metavar="NAME", help=words("cli.digest.leader"))
    ] = None,
) -> None:
    given = settings()
    with context(given) as looking:
        wanted = _week(looking, week)
        whole = of_park(looking, wanted)
        if leader is None:
            found = [whole, *_every(looking, wanted, whole)]
        else:
            found = [_the(looking, wanted, whole, leader)]
        files = [file for facts in found for file in _files(looking, facts)]
    _write(out, files)
    say(words("cli.digest.written", path=out, count=len(found), week=str(wanted)))


def _week(looking: Context, written: str | None) -> Week:
    """The week that is meant, by default the last whole one. Ends the command for one that does
    not exist or has not begun."""
    zone = looking.park.hours.zone
    try:
        found = read_week(written) if written else week_before(looking.now, zone)
    except NoSuchWeek as error:
        key = "cli.digest.no_week" if error.weeks is None else "cli.digest.few_weeks"
        year = (written or "").strip()[:4]
        fail(words(key, week=error.written, year=year, weeks=error.weeks))
    if found.since(zone) > looking.now:
        fail(words("cli.digest.to_come", week=str(found), monday=found.monday))
    return found


def _every(looking: Context, week: Week, park: Facts) -> Iterator[Facts]:
    for leader in people.of_role(looking.db, Role.LEADER):
        facts = of_leader(looking, week, leader, park)
        if facts is not None:
            yield _with_decisions(looking, leader, facts)


def _the(looking: Context, week: Week, park: Facts, name: str) -> Facts:
    """One leader's. Ends the command where there is no such leader, or nothing they answer for."""
    leaders = people.of_role(looking.db, Role.LEADER)
    named = [leader for leader in leaders if leader.name == name.strip()]
    if not named:
        names = " ".join(leader.name for leader in leaders) or words("cli.digest.nobody")
        fail(words("cli.digest.no_leader", name=name, names=names))
    facts = of_leader(looking, week, named[0], park)
    if facts is None:
        fail(words("cli.digest.no_firms", name=name))
    return _with_decisions(looking, named[0], facts)


def _with_decisions(looking: Context, leader: Person, facts: Facts) -> Facts:
    """What waits for the leader's word now; only looked at."""
    if not is_latest(looking, facts.own.week):
        return facts
    lines = block(looking, preview_decisions(looking, leader.id)).lines
    return replace(facts, decisions=tuple(looking.texts.format_value(line) for line in lines))


def _files(looking: Context, facts: Facts) -> Iterator[tuple[str, bytes]]:
    """The names and contents of a digest's two files."""
    texts = looking.texts
    whose = facts.leader or texts.render("digest.scope_park")
    name = words("cli.digest.file", week=str(facts.own.week), name=_UNSAFE.sub("_", whose))
    yield (
        f"{name}.txt",
        f"{texts.render('digest.text', build_values(facts, texts))}\n".encode(errors="replace"),
    )
    yield f"{name}.png", paint_picture(draw_picture(facts, texts))


def _write(out: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """All or nothing: whole files beside their places first, then each into its place."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=out, prefix=".") as folder:
            for name, content in files:
                (Path(folder) / name).write_bytes(content)
            for name, _content in files:
                (Path(folder) / name).replace(out / name)
    except OSError as error:
        fail(words("cli.digest.not_written", path=out, detail=explain_system_error(error)))
