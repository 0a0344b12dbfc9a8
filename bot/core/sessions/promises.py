"""A promise of a session (承诺): who will do what by when, read from one line, with its clock."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.core.days.dates import (
    Deadline,
    NoSuchDay,
    SeveralDays,
    UnclearDay,
    find_deadline,
    find_due_time,
    is_far,
    read_deadline,
)
from bot.core.days.working_calendar import OFFICIAL, Calendar
from bot.core.park.park import Park
from bot.core.reading import fold

ASK_AFTER = timedelta(minutes=10)
"""The enterprise is asked so long after the last word on its promises: undo is over by then, and
the quarter of an hour that it is promised is not."""


class Kept(StrEnum):
    """What became of a promise; all but OPEN settle it."""

    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"
    STRUCK = "struck"  # taken back at once: never said


class Response(StrEnum):
    """What the enterprise says to a promise."""

    NONE = "none"
    AGREED = "agreed"
    DISPUTED = "disputed"


class Flaw(StrEnum):
    """Why a line is no promise yet."""

    NO_WHO = "no_who"
    NO_DAY = "no_day"
    NO_WHAT = "no_what"
    NO_SUCH_DAY = "no_such_day"
    PAST = "past"
    FAR = "far"
    TWO = "two"
    UNCLEAR = "unclear"


class Unreadable(ValueError):  # noqa: N818 - a question to the person, not an error
    """The line must be asked about; `part` are the words it is about."""

    def __init__(self, flaw: Flaw, part: str = "") -> None:
        super().__init__(flaw)
        self.flaw = flaw
        self.part = part


@dataclass(frozen=True)
class Draft:
    """A promise as it was said; `until` is the time of day, None for the close of office, `said`
    are the words of the day."""

    who: str
    day: date
    what: str
    until: time | None = None
    said: str = field(default="", compare=False)


@dataclass(frozen=True)
class Promise:
    """One promise. `serial` counts within its session; `due` is the time that was said, else the
    close of office on its day, `first_due` what was said at first; `broken` and `redated` count
    what was read back."""

    id: int
    session_id: int
    serial: int
    item_id: int
    matter: str
    who: str
    what: str
    due: datetime
    first_due: datetime
    made_at: datetime
    kept: Kept = Kept.OPEN
    issues: tuple[int, ...] = ()
    firms: tuple[int, ...] = ()
    person_id: int | None = None
    department_id: int | None = None
    by_id: int | None = None
    answer: Response = Response.NONE
    dispute: str = ""
    reason: str = ""
    broken: int = 0
    redated: int = 0
    told_at: datetime | None = None
    settled_at: datetime | None = None
    spoken_at: datetime | None = None
    next_due_at: datetime | None = None


_TWO = re.compile(r"[;；\n]")
_WORDS = re.compile(r"[\s,，、：:]+")
_ORDER = re.compile(r"(?P<session>\d{1,5}) ?[-—–]+ ?(?P<serial>\d{1,3})")


def read_promise(words: str, session_day: date, calendar: Calendar | None = None) -> Draft:
    """`供电公司 下周五前 完成增容`, also without gaps, its day counted from the session. Raises
    Unreadable."""
    check_single(words)
    found = find_deadline_ahead(words, session_day, calendar)
    who, what = " ".join(part for part in _WORDS.split(found.before) if part), found.after
    if not who and len(parts := _WORDS.split(what, maxsplit=1)) > 1:
        who, what = parts
    if not who:
        raise Unreadable(Flaw.NO_WHO, words)
    if not what:
        raise Unreadable(Flaw.NO_WHAT, words)
    return Draft(who, found.day, what, found.until, found.said)


def check_single(words: str) -> None:
    """Raises Unreadable for words that tell of two promises."""
    if len([part for part in _TWO.split(words) if part.strip()]) > 1:
        raise Unreadable(Flaw.TWO, words)


def read_deadline_ahead(words: str, today: date, calendar: Calendar | None = None) -> Deadline:
    """The day that the words begin with, and what follows it. Raises Unreadable for one that
    cannot be meant."""
    return _read_ahead(read_deadline, words, today, calendar)


def find_deadline_ahead(words: str, today: date, calendar: Calendar | None = None) -> Deadline:
    """The day that stands anywhere in the words, with what is before and behind it. Raises
    Unreadable."""
    return _read_ahead(find_deadline, words, today, calendar)


def _read_ahead(
    read: Callable[[str, date, Calendar], Deadline | None],
    words: str,
    today: date,
    calendar: Calendar | None,
) -> Deadline:
    try:
        found = read(words, today, calendar or OFFICIAL)
    except NoSuchDay as error:
        raise Unreadable(Flaw.NO_SUCH_DAY, str(error)) from None
    except SeveralDays:
        raise Unreadable(Flaw.TWO, words) from None
    except UnclearDay as error:
        raise Unreadable(Flaw.UNCLEAR, str(error)) from None
    if found is None:
        raise Unreadable(Flaw.NO_DAY, words)
    if found.day < today:
        raise Unreadable(Flaw.PAST, found.said)
    if is_far(found, today):
        raise Unreadable(Flaw.FAR, found.said)
    return found


def read_order(words: str) -> tuple[int, int] | None:
    """The number of a promise, such as `95-03`: session and serial; None for anything else."""
    found = _ORDER.fullmatch(fold(words))
    return (int(found["session"]), int(found["serial"])) if found else None


def number_of(session: int, serial: int) -> str:
    """A promise's number, such as `95-03`."""
    return f"{session}-{serial:02d}"


def get_closing_time(day: date, park: Park) -> datetime:
    """The close of office on a day, aware."""
    ends: time = park.hours.spans[-1][1]
    return datetime.combine(day, ends, park.hours.zone)


def get_due_time(found: Draft | Deadline, park: Park, now: datetime) -> datetime:
    """By when it is due, aware: the time that was said, else the close of office; the end of the
    day when the office has closed already. Raises Unreadable for what is past."""
    due = find_due_time(found.day, found.until, park.hours, now)
    if due <= now:
        raise Unreadable(Flaw.PAST, found.said)
    return due


class Bell(StrEnum):
    """What falls due on a promise."""

    ASK = "ask"  # the enterprise is asked whether it was said so
    REMIND = "remind"
    OVERDUE = "overdue"
    LEADER = "leader"


def bells(promise: Promise, park: Park) -> Iterator[tuple[datetime, Bell]]:
    """Everything the clock has to say of an open promise, in no order."""
    if promise.kept is not Kept.OPEN:
        return
    if promise.told_at is None:
        yield promise.made_at + ASK_AFTER, Bell.ASK
    yield _find_morning_before(promise.due, park), Bell.REMIND
    yield promise.due, Bell.OVERDUE
    yield park.hours.add_days(promise.due, 1), Bell.LEADER


def next_bell(promise: Promise, park: Park) -> datetime | None:
    """When the clock must look at a promise next."""
    since = promise.spoken_at or promise.made_at
    return min((at for at, _bell in bells(promise, park) if at > since), default=None)


def rung(promise: Promise, park: Park, now: datetime) -> list[Bell]:
    """What has come since the clock last spoke of it, oldest first."""
    since = promise.spoken_at or promise.made_at
    return [bell for at, bell in sorted(bells(promise, park)) if since < at <= now]


def days_taken(promise: Promise, done_at: datetime, park: Park) -> int:
    """Calendar days from the word to the deed."""
    return (park.local(done_at).date() - park.local(promise.made_at).date()).days


def _find_morning_before(due: datetime, park: Park) -> datetime:
    """The opening of the last working day before the promise's own day."""
    day = park.local(due).date() - timedelta(days=1)
    while not park.hours.calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, park.hours.spans[0][0], park.hours.zone)
