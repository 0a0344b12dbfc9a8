"""Writes what was said on the phones as a dialogue, in the form of the dialogue tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import dropwhile

from bot.channels.local import GROUP
from bot.demo import Phone
from bot.texts import Texts
from bot.web.phones.roster import Roster, address_of
from bot.web.services import Site
from storage.delivery import threads, timeline

MOST = 2000
"""Messages of one phone."""


@dataclass(frozen=True)
class Line:
    """Words on one phone at one moment; `own` are the person's, the others reached them."""

    at: datetime
    own: bool
    handle: str
    name: str
    text: str


def transcript(site: Site, roster: Roster) -> str:
    """Everything up to now on all phones, oldest first."""
    now = site.clock.now()
    lines = [line for phone in roster.phones for line in _lines(site, phone, now)]
    lines.sort(key=lambda line: (line.at, not line.own))
    # What the clock said before anybody spoke cannot be played: a dialogue begins with a person.
    lines = list(dropwhile(lambda line: not line.own, lines))
    title = site.texts.render("phones.transcript_title", {"at": now})
    return "\n".join([f"# {title}", *_format_lines(lines, site.texts, site.settings.zone)]) + "\n"


def _lines(site: Site, phone: Phone, now: datetime) -> Iterator[Line]:
    with site.database.read() as db:
        thread = threads.by_address(db, address_of(phone))
        if thread is None:
            return
        heard = timeline.list_heard(db, thread.id, now, MOST)
        told = timeline.list_told(db, thread, now, MOST)
    for message in heard:
        shown = message.text or site.texts.format_value(message.kind)
        yield Line(message.received_at, True, phone.handle, phone.name, shown)
    for kept in told:
        sent = kept.parcel.sent_at
        assert sent is not None
        yield Line(sent, False, phone.handle, phone.name, kept.parcel.text)


def _format_lines(lines: list[Line], texts: Texts, zone: tzinfo) -> Iterator[str]:
    before = lines[0].at if lines else None
    for line in lines:
        assert before is not None
        # Whole minutes, as the dialogue's times are printed.
        passed = _minute(line.at) - _minute(before)
        if passed and not line.own:
            minutes = round(passed / timedelta(minutes=1))
            yield texts.render("phones.transcript_skip", {"minutes": minutes})
        before = line.at
        yield _line(line, texts, zone)


def _line(line: Line, texts: Texts, zone: tzinfo) -> str:
    """A dialogue has one line for a message; the first of several names state and number."""
    first = line.text.strip().split("\n")[0]
    if line.own:
        return f"[{_moment(line.at, texts, zone)}] {line.name}> {first}"
    # The group is nobody's phone: what it was told is for the reader.
    return f"{'# ' if line.handle == GROUP else ''}{line.name}< {first}"


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _moment(at: datetime, texts: Texts, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    weekday = texts.words["time.weekdays"].split()[local.weekday()]
    return f"{local:%Y-%m-%d} {weekday} {local:%H:%M}"
