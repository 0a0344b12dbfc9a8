"""`python -m bot qr`: a one-time code that binds a phone to a firm or to one of the staff."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import segno
import typer
from rapidfuzz import process
from sqlalchemy import Connection

from bot import texts
from bot.clock import SystemClock
from bot.commands.migrate import opened
from bot.commands.words import fail, say, settings, words
from bot.core.people import Enterprise, Person
from storage import codes, people

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without those that look alike: 0 O, 1 I L."""
LENGTH = 8
NEAR, LEAST = 3, 30.0
"""How many similar names are shown, and from which likeness (of 100) on."""


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
        staff = _the_person(db, person)
        codes.give(db, code, until, person_id=staff.id)
        return staff.name, code
    firm = _the_enterprise(db, enterprise or "")
    codes.give(db, code, until, enterprise_id=firm.id)
    return firm.name, code


def _the_person(db: Connection, name: str) -> Person:
    found = people.named(db, name.strip())
    if not found:
        fail(words("qr.no_person", name=name))
    return found[_asked([f"{one.name} {one.phone}" for one in found])]


def _the_enterprise(db: Connection, name: str) -> Enterprise:
    """The firm of exactly this name, else the one that has it in its own; nearest names else."""
    exact = people.enterprise_named(db, name.strip())
    if exact:
        return exact
    everyone = people.all_enterprises(db)
    if not everyone:
        fail(words("qr.no_enterprises"))
    found = [one for one in everyone if name.strip() and name.strip() in one.name]
    if not found:
        near = process.extract(name, [one.name for one in everyone], limit=NEAR, score_cutoff=LEAST)
        listed = "\n".join(row[0] for row in near)
        fail(words("qr.near", name=name, near=listed) if near else words("qr.unknown", name=name))
    return found[_asked([one.name for one in found])]


def _asked(names: Sequence[str]) -> int:
    """Which of several is meant; asked at the terminal, refused where nobody can answer."""
    if len(names) == 1:
        return 0
    listed = "\n".join(f"{number} {name}" for number, name in enumerate(names, start=1))
    say(words("qr.which", names=listed))
    try:
        answer = input().strip()
    except EOFError:
        answer = ""
    if answer not in {str(number) for number in range(1, len(names) + 1)}:
        fail(words("qr.no_choice"))
    return int(answer) - 1


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
