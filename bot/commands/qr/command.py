"""`python -m bot qr`: one-time codes that bind a phone to a firm or to one of the staff, one at a
time or as a sheet to print."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import segno
import typer
from sqlalchemy import Connection

from bot import texts
from bot.actions.codes import give_code
from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.qr.links import usual_place, ways
from bot.commands.qr.sheet import Card, sheet
from bot.commands.terminal.choose import the_enterprise, the_person
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.people import STAFF, Enterprise, Person
from bot.core.system_errors import explain_system_error
from bot.texts import Texts
from storage.people import people


class Everybody(StrEnum):
    """Of whom a sheet has a card each."""

    ENTERPRISES = "enterprises"
    STAFF = "staff"


class Place(StrEnum):
    """Where the code is to be used."""

    WECHAT = "wechat"
    WECOM = "wecom"
    TELEGRAM = "telegram"


def qr(
    enterprise: Annotated[
        str | None, typer.Argument(metavar="ENTERPRISE", help=words("qr.enterprise"))
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="NAME", help=words("qr.person"))
    ] = None,
    everybody: Annotated[
        Everybody | None,
        typer.Option("--all", metavar="enterprises|staff", help=words("qr.everybody")),
    ] = None,
    channel: Annotated[
        Place | None,
        typer.Option("--channel", metavar="wechat|wecom|telegram", help=words("qr.channel")),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=words("qr.out"))] = None,
) -> None:
    if sum(choice is not None for choice in (enterprise, person, everybody)) != 1:
        fail(words("qr.one_of_three"))
    given = settings()
    _check(out, printed=everybody is not None)
    spoken = texts.load(given.zone, given.texts)
    until = SystemClock().now() + timedelta(days=given.limits.code_days)
    with open_database(given) as database:
        with database.write() as db:
            found = list(_give_codes(db, enterprise, person, everybody, spoken, until))
        staff = person is not None or everybody is Everybody.STAFF
        place = channel.value if channel else usual_place(given, staff=staff)
        with ways(given, spoken, database, place) as way:
            cards = [Card(name, about, way(code)) for name, about, code in found]
    if everybody is not None and out is not None:
        _write_sheet(out, cards, spoken, until)
    else:
        _show_code(cards[0], spoken, until, out)


def _check(out: Path | None, *, printed: bool) -> None:
    """Known before any code is given: a sheet that cannot be kept would have given codes away."""
    if not printed:
        return
    if out is None or out.suffix.lower() not in (".html", ".htm"):
        fail(words("qr.sheet_where"))
    if not out.parent.is_dir():
        fail(words("cli.ledger.no_folder", path=out.parent))
    if out.exists():
        fail(words("template.exists", path=out))


def _give_codes(
    db: Connection,
    enterprise: str | None,
    person: str | None,
    everybody: Everybody | None,
    spoken: Texts,
    until: datetime,
) -> Iterator[tuple[str, str, str]]:
    """Whose, what they are, and a fresh code for each."""
    firms, staff = _find_recipients(db, enterprise, person, everybody)
    for firm in firms:
        code = give_code(db, until, enterprise_id=firm.id)
        yield firm.name, spoken.words["qr.of_enterprise"], code
    for member in staff:
        code = give_code(db, until, person_id=member.id)
        yield member.name, spoken.format_value(member.role), code


def _find_recipients(
    db: Connection, enterprise: str | None, person: str | None, everybody: Everybody | None
) -> tuple[list[Enterprise], list[Person]]:
    if enterprise is not None:
        firm = the_enterprise(db, enterprise)
        if firm.has_left:
            fail(words("qr.gone", enterprise=firm.name, residence=firm.residence))
        return [firm], []
    if person is not None:
        return [], [the_person(db, person)]
    if everybody is Everybody.ENTERPRISES:
        return [firm for firm in people.all_enterprises(db) if not firm.has_left], []
    return [], [member for role in sorted(STAFF) for member in people.of_role(db, role)]


def _write_sheet(out: Path, cards: list[Card], spoken: Texts, until: datetime) -> None:
    if not cards:
        fail(words("qr.nobody"))
    page = sheet(cards, words("qr.sheet_title"), spoken.render("qr.until", {"until": until}))
    half = out.with_name(f".{out.name}.part")
    try:
        half.write_text(page, encoding="utf-8")
        half.replace(out)
    except OSError as error:
        fail(words("template.not_written", path=out, detail=explain_system_error(error)))
    finally:
        half.unlink(missing_ok=True)
    say(words("qr.sheet_written", path=out, count=len(cards)))


def _show_code(card: Card, spoken: Texts, until: datetime, out: Path | None) -> None:
    told = {"name": card.name, "steps": card.way.steps, "until": until}
    say(spoken.render("qr.ready", told))
    square = segno.make(card.way.square, encoding="utf-8", error="m", micro=False)
    if out is None:
        square.terminal(compact=True)
        return
    try:
        square.save(str(out), kind="png", scale=10)
    except OSError as error:
        fail(words("qr.not_written", path=out, detail=explain_system_error(error)))
    say(words("qr.written", path=out))
