"""An appointment as a calendar file (RFC 5545) that phones open."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import STATUS, Alarm, Calendar, Event

from bot.core.letters import keep_visible

REMIND = timedelta(hours=1)
"""How long before its start a phone reminds of an appointment."""


@dataclass(frozen=True)
class Appointment:
    """What a calendar keeps. `uid` stays the same for life, `sequence` grows with every change;
    a cancelled one takes itself out of the calendar. Its title is not empty. Moments are aware."""

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    title: str
    place: str = ""
    words: str = ""
    cancelled: bool = False


def build_calendar(appointment: Appointment, now: datetime, maker: str) -> bytes:
    """The file's content: UTF-8, lines ended by CR LF, UTC times so that no zone is needed."""
    # Not `Calendar.new`, which gives each file a uid by chance: one session, one file.
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{maker}//ZH")
    calendar.add("method", "CANCEL" if appointment.cancelled else "PUBLISH")
    calendar.add_component(_build_event(appointment, now))
    content: bytes = calendar.to_ical()
    return content


def _build_event(appointment: Appointment, now: datetime) -> Event:
    starts_at = appointment.starts_at.astimezone(UTC)
    title = _clean(appointment.title)
    reminder = Alarm.new_display(title, -REMIND)
    return Event.new(
        uid=appointment.uid,
        sequence=appointment.sequence,
        stamp=now.astimezone(UTC),
        start=starts_at,
        end=starts_at + timedelta(minutes=appointment.minutes),
        summary=title,
        location=_clean(appointment.place) or None,
        description=_clean(appointment.words) or None,
        status=STATUS.CANCELLED if appointment.cancelled else STATUS.CONFIRMED,
        subcomponents=[] if appointment.cancelled else [reminder],
    )


def _clean(words: str) -> str:
    """Without control characters, which have no place in a line; the library escapes the rest."""
    return "\n".join(keep_visible(line) for line in words.splitlines())
