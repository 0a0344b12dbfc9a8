"""Writes an appointment as a calendar file (RFC 5545) that phones open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

OCTETS = 75
"""The longest line in bytes, its end not counted. RFC 5545, 3.1."""


@dataclass(frozen=True)
class Appointment:
    """What a calendar keeps. `uid` stays the same for life, `sequence` grows with every change;
    a cancelled one takes itself out of the calendar. Moments are aware."""

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    title: str
    place: str = ""
    words: str = ""
    cancelled: bool = False


def calendar_file(appointment: Appointment, now: datetime, maker: str) -> bytes:
    """The file's content: UTF-8, lines ended by CR LF, UTC times so that no zone is needed."""
    lines = (_fold_line(line) for line in _lines(appointment, now, maker))
    return "".join(f"{line}\r\n" for line in lines).encode()


def _lines(one: Appointment, now: datetime, maker: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(maker)}//ZH")
    yield "METHOD:CANCEL" if one.cancelled else "METHOD:PUBLISH"
    yield from ("BEGIN:VEVENT", f"UID:{_text(one.uid)}", f"SEQUENCE:{one.sequence}")
    yield f"DTSTAMP:{_moment(now)}"
    yield f"DTSTART:{_moment(one.starts_at)}"
    yield f"DTEND:{_moment(one.starts_at + timedelta(minutes=one.minutes))}"
    yield f"SUMMARY:{_text(one.title)}"
    if one.place:
        yield f"LOCATION:{_text(one.place)}"
    if one.words:
        yield f"DESCRIPTION:{_text(one.words)}"
    yield f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}"
    if not one.cancelled:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H")
        yield from (f"DESCRIPTION:{_text(one.title)}", "END:VALARM")
    yield from ("END:VEVENT", "END:VCALENDAR")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Escaped as RFC 5545, 3.3.11 asks; other control characters have no place in a line."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = "\\n".join(escaped.splitlines())
    return "".join(char for char in escaped if char.isprintable())


def _fold_line(line: str) -> str:
    """Cut so that no piece is longer than allowed, never inside a character."""
    pieces, piece, limit = [], "", OCTETS
    for char in line:
        if len((piece + char).encode()) > limit:
            pieces.append(piece)
            piece, limit = "", OCTETS - 1
        piece += char
    return "\r\n ".join([*pieces, piece])
