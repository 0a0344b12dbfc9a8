"""Reads days in people's words: 10月30日, 下周五前, 3-5个工作日内, 国庆后, 明天下午3点."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.core.days.clock_times import END_OF_DAY
from bot.core.days.day_words import NoSuchDay, UnclearDay, match_around, words
from bot.core.days.mentions import GAPS, Mention, Weight, find_mentions, read_mention
from bot.core.days.working_calendar import OFFICIAL, Calendar
from bot.core.days.working_hours import WorkingHours
from bot.core.reading import fold

__all__ = [
    "Deadline",
    "NoSuchDay",
    "SeveralDays",
    "UnclearDay",
    "begins_with_time",
    "find_deadline",
    "find_due_time",
    "is_far",
    "read_day",
    "read_deadline",
    "read_span",
]


FAR = timedelta(days=200)
"""A day of next year further ahead than this is asked about, unless its year is clear."""
LOOSE = timedelta(days=100)
"""3-5 further ahead than this is asked about: it may be no day at all."""


class SeveralDays(UnclearDay):
    """The words name several days, of which nobody can tell the one that is meant."""


@dataclass(frozen=True)
class Deadline:
    """A day in a sentence; `said` are its words, `before` and `after` those around it, all as they
    were written.

    `until` is the time of day by which it is due, None for the close of office; `at` the very
    moment, where one is named; `timed` says that any time was named. `definite` leaves no doubt
    which year is meant.
    """

    day: date
    said: str = ""
    before: str = ""
    after: str = ""
    at: time | None = None
    until: time | None = None
    timed: bool = False
    definite: bool = False


def is_far(found: Deadline, today: date) -> bool:
    """Whether a day without a year lies so far ahead that it was most likely meant to be past."""
    ahead = found.day > today + FAR and found.day.year > today.year
    return ahead and not found.definite


def find_due_time(day: date, until: time | None, hours: WorkingHours, now: datetime) -> datetime:
    """The moment by which something said for a day and a time is due, aware, in the office's zone.

    Without a time it is the close of office. What is said for today when the office has closed
    already has the whole day.
    """
    due = datetime.combine(day, until or hours.spans[-1][1], hours.zone)
    if until is None and due <= now and day == hours.local(now).date():
        return datetime.combine(day, END_OF_DAY, hours.zone)
    return due


def read_day(words_: str, today: date, calendar: Calendar | None = None) -> tuple[date, str] | None:
    """The day that the words begin with, and the folded words after it; None where they name none.

    A month and day without a year is the next such day, today included. A weekday is the coming
    one; 下周五 is the Friday of next week, 上周五 that of the last; 月底 is the last day of the
    month, 年底 that of the year. A number alone is no day here. Raises NoSuchDay, UnclearDay.
    """
    text = fold(words_)
    mention = read_mention(text, 0, today, calendar or OFFICIAL, plain=True) if text else None
    if mention is None or (mention.weight is not Weight.STRONG and mention.form != "loose"):
        return None
    return _get_day(mention, text[: mention.end]), text[mention.end :].strip(GAPS)


def begins_with_time(words_: str, today: date) -> bool:
    """Whether the words begin with a day, a number of days or any other time, clear or not."""
    text = fold(words_)
    return bool(text) and read_mention(text, 0, today, OFFICIAL, plain=True) is not None


def read_deadline(sentence: str, today: date, calendar: Calendar = OFFICIAL) -> Deadline | None:
    """The day that the words begin with; None where they begin with none. Raises NoSuchDay,
    UnclearDay."""
    text = fold(sentence)
    mentions = _list_sure(text, find_mentions(text, today, calendar))
    if not mentions or mentions[0].start > 0:
        return None
    if len(mentions) > 1 and _is_alternative(text, mentions[0], mentions[1]):
        raise UnclearDay(sentence)
    return _build(mentions[0], sentence, text, today)


def find_deadline(sentence: str, today: date, calendar: Calendar = OFFICIAL) -> Deadline | None:
    """The one day that a sentence names; None where it names none. Raises NoSuchDay, UnclearDay,
    SeveralDays."""
    text = fold(sentence)
    mentions = _list_sure(text, find_mentions(text, today, calendar))
    if len(mentions) > 1:
        # 10月20日的方案 is what is promised, not by when.
        mentions = [
            mention for mention in mentions if not match_around("described", text, mention.end)
        ]
    if len(mentions) > 1:
        if _is_alternative(text, mentions[0], mentions[1]):
            raise UnclearDay(sentence)
        raise SeveralDays(sentence)
    if mentions:
        return _move_modals(_build(mentions[0], sentence, text, today))
    return None


def read_span(words_: str) -> timedelta | None:
    """A length of time, such as `30分钟` or `2小时`; None where the words are anything else."""
    spans = words()["spans"]
    found = re.fullmatch(spans["pattern"], fold(words_))
    return timedelta(minutes=int(found["amount"]) * spans[found["unit"]]) if found else None


def _list_sure(text: str, mentions: list[Mention]) -> list[Mention]:
    """Those that name a day for certain; failing these, such as stand by themselves."""
    strong = [mention for mention in mentions if mention.weight is Weight.STRONG]
    if strong:
        return strong
    return [
        replace(mention, weight=Weight.STRONG)
        for mention in mentions
        if mention.weight is Weight.WEAK and _stands_alone(mention, text)
    ]


def _is_alternative(text: str, first: Mention, second: Mention) -> bool:
    between = text[first.end : second.start].strip(GAPS)
    return not between or between in words()["reading"]["alternatives"]


def _stands_alone(mention: Mention, text: str) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    acted = after.lstrip(GAPS).startswith(tuple(words()["reading"]["deeds"]))
    ended = not after or after[0] in GAPS
    begun = not before or before[-1] in GAPS or acted
    return begun and (ended or acted) and " " not in before.strip(GAPS)


def _build(mention: Mention, sentence: str, text: str, today: date) -> Deadline:
    plain = " ".join(sentence.split())
    kept = plain if len(plain) == len(text) else text
    said = kept[mention.start : mention.end].strip(GAPS)
    day = _get_day(mention, said)
    if mention.form == "loose" and day > today + LOOSE:
        raise UnclearDay(said)
    before, after = kept[: mention.start].strip(GAPS), kept[mention.end :].strip(GAPS)
    return Deadline(
        day, said, before, after, mention.at, mention.until, mention.timed, mention.definite
    )


def _move_modals(deadline: Deadline) -> Deadline:
    """争取 before the day says something of what is promised, nothing of who promises it."""
    before, modals = deadline.before, ""
    while modal := next(filter(_ends_with(before), words()["reading"]["modals"]), None):
        before = before[: -len(modal)].rstrip(GAPS)
        modals = modal + modals
    return replace(deadline, before=before, after=modals + deadline.after)


def _ends_with(before: str) -> Callable[[str], bool]:
    """Of one character, only by itself: 会 ends many a name."""
    return lambda modal: before.endswith(f" {modal}" if len(modal) == 1 else modal)


def _get_day(mention: Mention, said: str) -> date:
    if mention.missing:
        raise NoSuchDay(said)
    if mention.day is None:
        raise UnclearDay(said)
    return mention.day
