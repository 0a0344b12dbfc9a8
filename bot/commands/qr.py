"""`python -m bot qr`: a one-time code that binds a phone to a firm or to one of the staff."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import segno
import typer
from sqlalchemy import Connection

from bot import texts
from bot.clock import SystemClock
from bot.commands.choosing import the_enterprise, the_person
from bot.commands.migrate import opened
from bot.commands.words import fail, say, settings, words
from storage import codes

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without those that look alike: 0 O, 1 I L."""
LENGTH = 8


def qr(
    enterprise: Annotated[
        str | None, typer.Argument(metavar="ENTERPRISE", help=words("qr.enterprise"))
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="NAME", help=words("qr.person"))
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.png", help=words("qr.out"))
    ] = None,
) -> None:
    if (enterprise is None) == (person is None):
        fail(words("qr.one_of_two"))
    given, now = settings(), SystemClock().now()
    until = now + timedelta(days=given.limits.code_days)
    spoken = texts.load(given.zone, given.texts)
    with opened(given) as database, database.write() as db:
        name, code = _given(db, enterprise, person, until)
    command = f"{spoken.command('bind')} {code}"
    say(spoken.render("qr.ready", {"name": name, "command": command, "until": until}))
    _draw(command, out)


def _given(
    db: Connection, enterprise: str | None, person: str | None, until: datetime
) -> tuple[str, str]:
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    if person is not None:
        staff = the_person(db, person)
        codes.give(db, code, until, person_id=staff.id)
        return staff.name, code
    firm = the_enterprise(db, enterprise or "")
    codes.give(db, code, until, enterprise_id=firm.id)
    return firm.name, code


def _draw(command: str, out: Path | None) -> None:
    code = segno.make(command, encoding="utf-8", error="m", micro=False)
    if out is None:
        code.terminal(compact=True)
        return
    try:
        code.save(str(out), kind="png", scale=10)
    except OSError as error:
        fail(words("qr.not_written", path=out, detail=error.strerror))
    say(words("qr.written", path=out))
