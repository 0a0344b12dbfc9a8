"""A session (主题日): a numbered Monday night, who comes, and when the next one is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path

from bot.core.days.working_calendar import Calendar
from bot.core.days.working_hours import WorkingHours
from bot.core.messages import Address
from bot.core.people import Role


class Stage(StrEnum):
    """Where a session stands; MOVED is planned on another day than was announced."""

    PLANNED = "planned"
    MOVED = "moved"
    PUBLISHED = "published"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


TO_COME = frozenset({Stage.PLANNED, Stage.MOVED, Stage.PUBLISHED})
"""Not begun and not called off."""
PROPOSAL = "0 15 * * fri"
"""When agendas are proposed, as a crontab's line."""
EARLY = timedelta(hours=3)
"""So long before its time a session may be opened, or opens itself at the first word."""
EVENING = timedelta(hours=14)
"""So long after its beginning it is still tonight's; after that the office is asked about it."""
TOOK_PLACE = frozenset({Stage.HELD, Stage.CLOSED})


class Way(StrEnum):
    """How somebody takes part."""

    SIGNED = "signed"  # 报名
    NAMED = "named"  # 点名: the office or a leader asked
    WRITTEN = "written"  # 书面: no attendance
    ASKED = "asked"  # a department that must come
    MATTER = "matter"  # a firm whose matter is on the agenda, and that was asked with it


class Coming(StrEnum):
    """Whether they come."""

    INVITED = "invited"
    COMING = "coming"
    WAITING = "waiting"
    AWAY = "away"


@dataclass(frozen=True)
class Session:
    """One Monday night, or an extra one. Every datetime is aware; the storage keeps UTC.

    `series_day` is the day of the weekly series it stands for, None for an extra one. `proposed_at`
    is set while the office has not said what becomes of a session that falls on a holiday.
    `sequence` counts what calendars must hear of: it never goes back, `uid` never changes. `paper`
    is the secret by which its minutes are fetched as a file, empty before it is closed. `minutes`
    is the length that the office gave this one evening, 0 for the park's.
    """

    id: int
    number: int
    starts_at: datetime
    stage: Stage
    place: str
    theme: str = ""
    category: str = ""
    kind: str = ""
    capacity: int = 8
    uid: str = ""
    sequence: int = 0
    series_day: date | None = None
    proposed_at: datetime | None = None
    agenda_at: datetime | None = None
    published_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    reminded_at: datetime | None = None
    next_due_at: datetime | None = None
    paper: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Seat:
    """One enterprise or department at one session. `topic` are their words, if any."""

    id: int
    session_id: int
    way: Way
    coming: Coming
    enterprise_id: int | None = None
    department_id: int | None = None
    person_id: int | None = None
    thread_id: int | None = None
    issues: tuple[int, ...] = ()
    topic: str = ""
    present_at: datetime | None = None


def _boxes() -> dict[str, int]:
    return {
        "promise": 3,
        "returning": 8,
        "theme": 15,
        "sent": 8,
        "serious": 8,
        "signed": 6,
        "added": 6,
    }


@dataclass(frozen=True)
class SessionRules:
    """A park's own rules of its sessions. `weekday` 0 is Monday, `at` is the park's time.

    `boxes` are the minutes of an agenda's item by its reason, `minutes` those of the whole night.
    `group` is where the agenda is published, `link` the address calendars are fetched from,
    `template` the Word file that minutes are filled into, None where no file is made; `before` is
    what the sessions before this bot came to, by the columns of the ledger. `proposal` is when
    agendas are proposed, as a crontab's line, None for never. `correctors` may correct minutes, for
    as long as `correct_within` after the session was closed.
    """

    first_number: int = 1
    weekday: int = 0
    at: time = time(19, 30)
    place: str = ""
    theme: str = ""
    capacity: int = 8
    minutes: int = 120
    boxes: Mapping[str, int] = field(default_factory=_boxes)
    group: Address | None = None
    link: str = ""
    template: Path | None = None
    before: Mapping[str, int] = field(default_factory=dict)
    enabled: bool = True
    proposal: str | None = PROPOSAL
    correctors: frozenset[Role] = frozenset({Role.OFFICE})
    correct_within: timedelta = timedelta(days=7)


def next_series_day(rules: SessionRules, today: date) -> date:
    """The series' next day, today included."""
    return today + timedelta(days=(rules.weekday - today.weekday()) % 7)


def on(day: date, rules: SessionRules, hours: WorkingHours) -> datetime:
    """When a session of this day begins."""
    return datetime.combine(day, rules.at, hours.zone)


def instead_of(day: date, calendar: Calendar) -> date | None:
    """The working day that is proposed for a holiday; None for a working day."""
    return None if calendar.is_working_day(day) else calendar.next_working_day(day)
