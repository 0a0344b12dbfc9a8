"""The doctor: looks at everything the bot stands on, and says what to do about it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from bot import texts
from bot.assigning import unknown_targets
from bot.core.calendar_cn import horizon
from bot.core.messages import Line
from bot.core.registry import Lack
from bot.monday import template
from bot.settings import Settings, published
from bot.settings.sections import Channels
from bot.texts import TextError
from storage import coverage
from storage.database import Database
from storage.migrate import known, revision
from storage.tables import messages

FONTS = Path(__file__).parent / "web" / "static" / "fonts"
WOFF2 = b"wOF2"
"""How a font of this kind begins."""
LOW, EMPTY = 1024**3, 200 * 1024**2
"""Bytes of free disk below which there is a warning, and below which the bot should not run."""
ASK_FROM = 11
"""The month from which next year's holidays should be known; the notice comes out in November."""
SKEW = timedelta(minutes=2)


class Mark(StrEnum):
    """How well a thing is."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the check-up."""

    mark: Mark
    words: Line


def examine(settings: Settings, config: Path, now: datetime) -> Iterator[Finding]:
    """Look at everything once, changing nothing. `now` is aware."""
    yield _found(Mark.GOOD, "check.config", path=config, taxonomy=settings.taxonomy)
    yield from _wording(settings)
    yield from _secrets(settings)
    yield from _telegram(settings)
    yield from _wecom(settings)
    yield from _sessions(settings)
    yield from _board(settings)
    yield from _database(settings, now)
    yield from _clock(settings, now)
    yield from _calendar(settings, now)
    yield from _fonts()
    yield from _disk(settings)


def _found(mark: Mark, key: str, **values: object) -> Finding:
    return Finding(mark, Line(key, values))


def _wording(settings: Settings) -> Iterator[Finding]:
    try:
        texts.load(settings.zone, settings.texts)
    except TextError as error:
        yield _found(Mark.BAD, "check.wording_bad", detail=error)
    else:
        yield _found(Mark.GOOD, "check.wording", path=settings.texts)


def _secrets(settings: Settings) -> Iterator[Finding]:
    channels = settings.channels
    if not (channels.wechat.enabled or channels.wecom.enabled or channels.telegram.enabled):
        yield _found(Mark.GOOD, "check.no_secrets")
        return
    if channels.wechat.enabled:
        yield _found(Mark.GOOD, "check.secrets")
    if channels.wechat.enabled and not channels.wechat.aes_key.get_secret_value():
        yield _found(Mark.WARN, "check.plain_mode")
    hooks = channels.wechat.enabled or channels.wecom.enabled
    if hooks and not settings.server.base_url.startswith("https://"):
        yield _found(Mark.WARN, "check.no_base_url")


def _telegram(settings: Settings) -> Iterator[Finding]:
    telegram = settings.channels.telegram
    if not telegram.enabled:
        yield _found(Mark.GOOD, "check.telegram_off")
    elif telegram.mode == "webhook":
        yield _found(Mark.GOOD, "check.telegram_webhook", url=settings.server.base_url)
    else:
        yield _found(Mark.GOOD, "check.telegram_polling")


def _wecom(settings: Settings) -> Iterator[Finding]:
    wecom = settings.channels.wecom
    if not wecom.enabled:
        yield _found(Mark.GOOD, "wecom.off")
        return
    yield _found(Mark.GOOD, "wecom.on", corp=wecom.corp_id, agent=wecom.agent_id)
    if not wecom.group_key.get_secret_value():
        yield _found(Mark.WARN, "wecom.no_group_key")


def _sessions(settings: Settings) -> Iterator[Finding]:
    given = settings.sessions
    if not given.enabled:
        return
    try:
        template.examine(given.template)
    except template.BrokenTemplate as broken:
        yield _found(Mark.BAD, "check.template_bad", path=given.template, why=broken.why)
    else:
        yield _found(Mark.GOOD, "check.template", path=given.template)
    channel = given.group.partition(":")[0]
    known = {name: getattr(settings.channels, name) for name in Channels.model_fields}
    if not channel:
        yield _found(Mark.GOOD, "check.no_group")
    elif channel not in known:
        yield _found(Mark.BAD, "check.group_unknown", group=given.group, known=" ".join(known))
    elif not known[channel].enabled:
        yield _found(Mark.WARN, "check.group_off", group=given.group, channel=channel)
    else:
        yield _found(Mark.GOOD, "check.group", group=given.group)


def _board(settings: Settings) -> Iterator[Finding]:
    if settings.board.token.get_secret_value():
        yield _found(Mark.GOOD, "check.board")
    elif published(settings):
        yield _found(Mark.WARN, "check.board_shut")
    else:
        yield _found(Mark.GOOD, "check.board_here")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    url = make_url(settings.storage.url)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        # Opening it would make it.
        yield _found(Mark.WARN, "check.no_database", url=shown)
        return
    database = Database(settings.storage.url)
    try:
        yield _version(database, shown)
        yield from _behind(database, settings, now)
        yield from _registry(database, now)
        yield from _assignment(database, settings)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield _found(Mark.BAD, "check.unreachable", url=shown, detail=reason)
    finally:
        database.close()


def _version(database: Database, shown: str) -> Finding:
    found, wanted = revision(database)
    if found == wanted:
        return _found(Mark.GOOD, "check.database", url=shown, found=found)
    if found is None:
        return _found(Mark.WARN, "check.no_tables", url=shown)
    if not known(found):
        return _found(Mark.BAD, "check.newer", found=found, wanted=wanted)
    return _found(Mark.WARN, "check.older", found=found, wanted=wanted)


def _behind(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    if revision(database)[0] is None:
        return
    with database.read() as db:
        newest = db.execute(select(func.max(messages.c.received_at))).scalar_one()
    if newest and newest > now + SKEW:
        # On the phones page the clock may be moved: there it is no sign of a wrong one.
        mark = Mark.WARN if settings.channels.local.demo else Mark.BAD
        yield _found(mark, "check.clock_behind", newest=newest)


def _registry(database: Database, now: datetime) -> Iterator[Finding]:
    found, wanted = revision(database)
    if found != wanted:
        return
    with database.read() as db:
        everyone, gaps = coverage.count(db), coverage.gaps(db, now)
    if not everyone:
        yield _found(Mark.WARN, "check.registry_empty")
    elif not gaps:
        yield _found(Mark.GOOD, "check.registry", all=everyone)
    else:
        lacking = coverage.totals(gaps)
        # A firm that is silent or has no deputy is known to be served; without a liaison it is not.
        mark = Mark.WARN if lacking[Lack.LIAISON] else Mark.GOOD
        yield _found(mark, "check.registry_gaps", all=everyone, **lacking)


def _assignment(database: Database, settings: Settings) -> Iterator[Finding]:
    """Rules name people; whom nobody registered gets nothing, and nobody would notice."""
    found, wanted = revision(database)
    if found != wanted:
        return
    with database.read() as db:
        for place, name in unknown_targets(db, settings.house().assignment_rules):
            yield _found(Mark.WARN, "check.rule_for_nobody", place=place, name=name)


def _clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    yield _found(Mark.GOOD, "check.clock", now=now, zone=settings.zone)


def _calendar(settings: Settings, now: datetime) -> Iterator[Finding]:
    today, last = now.astimezone(settings.zone).date(), horizon()
    if today > last:
        yield _found(Mark.BAD, "check.calendar_over", year=today.year)
    elif today.year == last.year and today.month >= ASK_FROM:
        yield _found(Mark.WARN, "check.calendar_ends", last=last.isoformat(), year=today.year + 1)
    else:
        yield _found(Mark.GOOD, "check.calendar", last=last.isoformat())


def _fonts() -> Iterator[Finding]:
    fonts = sorted(FONTS.glob("*.woff2"))
    broken = [font.name for font in fonts if font.read_bytes()[:4] != WOFF2]
    if broken or not fonts:
        yield _found(Mark.BAD, "check.fonts_bad", folder=FONTS)
    else:
        yield _found(Mark.GOOD, "check.fonts", count=len(fonts))


def _disk(settings: Settings) -> Iterator[Finding]:
    for folder in sorted(set(_folders(settings))):
        free = shutil.disk_usage(folder).free
        told = {"folder": folder, "free": f"{free / 1024**3:.1f}"}
        if not os.access(folder, os.W_OK):
            yield _found(Mark.BAD, "check.not_writable", **told)
        elif free < LOW:
            yield _found(Mark.BAD if free < EMPTY else Mark.WARN, "check.disk_low", **told)
        else:
            yield _found(Mark.GOOD, "check.disk", **told)


def _folders(settings: Settings) -> Iterator[Path]:
    """The folders that exist already above where the bot writes."""
    places = [settings.storage.media]
    url = make_url(settings.storage.url)
    if url.get_backend_name() == "sqlite" and url.database:
        places.append(Path(url.database).parent)
    for place in places:
        whole = place.absolute()
        yield next(one for one in (whole, *whole.parents) if one.is_dir())
