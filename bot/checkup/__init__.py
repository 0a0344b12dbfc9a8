"""The doctor: looks at everything the bot stands on, and says what to do about it."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from bot import texts
from bot.actions.sessions import minutes_template
from bot.checkup.channels import channels
from bot.checkup.findings import Finding, Mark, build_finding
from bot.checkup.groups import groups
from bot.checkup.rules import (
    find_lost_categories,
    find_named_leavers,
    find_no_correctors,
    find_rules_for_nobody,
    find_unknown_readers,
)
from bot.core.days.working_calendar import horizon
from bot.core.register import Lack
from bot.core.sessions.proposal import find_missed_day
from bot.digest import fonts
from bot.settings import Settings, is_published
from bot.texts import TextError
from schedules import timetable
from storage.database import Database
from storage.migrate import is_known_revision, revision
from storage.reports import coverage
from storage.tables.delivery import messages

__all__ = ["Finding", "Mark", "examine"]
FONTS = Path(__file__).parents[1] / "web" / "static" / "fonts"
PICTURE_FONTS = fonts.FOLDER
BEGINNINGS = {".woff2": b"wOF2", ".ttf": b"\x00\x01\x00\x00"}
"""How fonts begin: those of the pages and those of the digest's pictures."""
LOW, EMPTY = 1024**3, 200 * 1024**2
"""Bytes of free disk below which there is a warning, and below which the bot should not run."""
ASK_FROM = 11
"""The month from which next year's holidays should be known; the notice comes out in November."""
SKEW = timedelta(minutes=2)


def examine(settings: Settings, config: Path, now: datetime) -> Iterator[Finding]:
    """Look at everything once, changing nothing. `now` is aware."""
    yield build_finding(Mark.GOOD, "check.config", path=config, taxonomy=settings.taxonomy)
    yield from _check_wording(settings)
    yield from channels(settings, texts.load(settings.zone))
    yield from _sessions(settings, now)
    yield from groups(settings)
    yield from _board(settings)
    yield from _database(settings, now)
    yield from _clock(settings, now)
    yield from _calendar(settings, now)
    yield from _fonts()
    yield from _disk(settings)


def _check_wording(settings: Settings) -> Iterator[Finding]:
    try:
        texts.load(settings.zone, settings.texts)
    except TextError as error:
        yield build_finding(Mark.BAD, "check.wording_bad", detail=error)
    else:
        yield build_finding(Mark.GOOD, "check.wording", path=settings.texts)


def _sessions(settings: Settings, now: datetime) -> Iterator[Finding]:
    given = settings.sessions
    if not given.enabled:
        return
    yield from _proposal(settings, now)
    try:
        minutes_template.examine(given.template)
    except minutes_template.BrokenTemplate as broken:
        yield build_finding(Mark.BAD, "check.template_bad", path=given.template, why=broken.why)
    else:
        yield build_finding(Mark.GOOD, "check.template", path=given.template)


def _proposal(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Moved far enough, or switched off, the timetable proposes no agenda, and nobody is told."""
    park = settings.build_park()
    entries = {entry.id: entry.cron for entry in timetable(settings.timetable.changes())}
    today = park.local(now).date()
    missed = find_missed_day(park.sessions, entries.get("series"), today, park.hours)
    if missed is not None:
        yield build_finding(Mark.WARN, "check.no_proposal", day=missed)


def _board(settings: Settings) -> Iterator[Finding]:
    if settings.board.token.get_secret_value():
        yield build_finding(Mark.GOOD, "check.board")
    elif is_published(settings):
        yield build_finding(Mark.WARN, "check.board_shut")
    else:
        yield build_finding(Mark.GOOD, "check.board_here")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    url = make_url(settings.storage.url)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        # Opening it would make it.
        yield build_finding(Mark.WARN, "check.no_database", url=shown)
        return
    database = Database(settings.storage.url)
    try:
        yield _version(database, shown)
        yield from _behind(database, settings, now)
        yield from _registry(database, now)
        yield from _rules(database, settings)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield build_finding(Mark.BAD, "check.unreachable", url=shown, detail=reason)
    finally:
        database.close()


def _version(database: Database, shown: str) -> Finding:
    found, wanted = revision(database)
    if found == wanted:
        return build_finding(Mark.GOOD, "check.database", url=shown, found=found)
    if found is None:
        return build_finding(Mark.WARN, "check.no_tables", url=shown)
    if not is_known_revision(found):
        return build_finding(Mark.BAD, "check.newer", found=found, wanted=wanted)
    return build_finding(Mark.WARN, "check.older", found=found, wanted=wanted)


def _behind(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    if revision(database)[0] is None:
        return
    with database.read() as db:
        newest = db.execute(select(func.max(messages.c.received_at))).scalar_one()
    if newest and newest > now + SKEW:
        # On the phones page the clock may be moved: there it is no sign of a wrong one.
        mark = Mark.WARN if settings.channels.local.demo else Mark.BAD
        yield build_finding(mark, "check.clock_behind", newest=newest)


def _registry(database: Database, now: datetime) -> Iterator[Finding]:
    found, wanted = revision(database)
    if found != wanted:
        return
    with database.read() as db:
        everyone, gaps = coverage.count(db), coverage.gaps(db, now)
    if not everyone:
        yield build_finding(Mark.WARN, "check.registry_empty")
    elif not gaps:
        yield build_finding(Mark.GOOD, "check.registry", all=everyone)
    else:
        lacking = coverage.totals(gaps)
        # A firm that is silent or has no deputy is known to be served; without a liaison it is not.
        mark = Mark.WARN if lacking[Lack.LIAISON] else Mark.GOOD
        yield build_finding(mark, "check.registry_gaps", all=everyone, **lacking)


def _rules(database: Database, settings: Settings) -> Iterator[Finding]:
    found, wanted = revision(database)
    if found != wanted:
        return
    with database.read() as db:
        yield from find_rules_for_nobody(db, settings)
        yield from find_lost_categories(db, settings)
        yield from find_named_leavers(db, settings)
        yield from find_unknown_readers(db, settings)
        yield from find_no_correctors(db, settings)


def _clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    yield build_finding(Mark.GOOD, "check.clock", now=now, zone=settings.zone)


def _calendar(settings: Settings, now: datetime) -> Iterator[Finding]:
    today, last = now.astimezone(settings.zone).date(), horizon()
    if today > last:
        yield build_finding(Mark.BAD, "check.calendar_over", year=today.year)
    elif today.year == last.year and today.month >= ASK_FROM:
        yield build_finding(
            Mark.WARN, "check.calendar_ends", last=last.isoformat(), year=today.year + 1
        )
    else:
        yield build_finding(Mark.GOOD, "check.calendar", last=last.isoformat())


def _fonts() -> Iterator[Finding]:
    count = 0
    for folder, kind in ((FONTS, ".woff2"), (PICTURE_FONTS, ".ttf")):
        there = sorted(folder.glob(f"*{kind}"))
        broken = [font for font in there if font.read_bytes()[:4] != BEGINNINGS[kind]]
        if broken or not there:
            yield build_finding(Mark.BAD, "check.fonts_bad", folder=folder)
            return
        count += len(there)
    yield build_finding(Mark.GOOD, "check.fonts", count=count)


def _disk(settings: Settings) -> Iterator[Finding]:
    for folder in sorted(set(_folders(settings))):
        free = shutil.disk_usage(folder).free
        told = {"folder": folder, "free": f"{free / 1024**3:.1f}"}
        if not os.access(folder, os.W_OK):
            yield build_finding(Mark.BAD, "check.not_writable", **told)
        elif free < LOW:
            yield build_finding(Mark.BAD if free < EMPTY else Mark.WARN, "check.disk_low", **told)
        else:
            yield build_finding(Mark.GOOD, "check.disk", **told)


def _folders(settings: Settings) -> Iterator[Path]:
    """The folders that exist already above where the bot writes."""
    places = [settings.storage.media]
    url = make_url(settings.storage.url)
    if url.get_backend_name() == "sqlite" and url.database:
        places.append(Path(url.database).parent)
    for place in places:
        whole = place.absolute()
        yield next(folder for folder in (whole, *whole.parents) if folder.is_dir())
