"""Finds every day that a sentence names, with what belongs to it: 下周五（10月25日）下午3点前."""

import re
from dataclasses import dataclass, replace
from datetime import date, time
from enum import IntEnum

from bot.core.days.clock_times import ClockTime, read_clock_time
from bot.core.days.day_forms import DEFINITE, Said, read_form
from bot.core.days.day_words import (
    NoSuchDay,
    UnclearDay,
    form_names,
    match_around,
    match_form,
    search_around,
    words,
)
from bot.core.days.numerals import is_numeral
from bot.core.days.working_calendar import Calendar

GAPS = " ,，、。:：()"
_VAGUE_FORMS = frozenset(["recurring"])
_DOUBTFUL = frozenset(["loose", "day"])
"""Forms that may as well be a number of something: 3号, 10.5."""
_ENDS = frozenset(["month_end", "week_end", "year_end", "quarter_end"])
"""Forms without a number, which a number before them makes another: 三年内."""
_RANGES = frozenset(["month_range", "day_range"])
_LONG = frozenset(["week", "month_span", "quarter", "half_year"])
"""Forms whose end is not said where no part of them is named: 下周, 4月份; 4月前 is none of it."""
_OPEN = frozenset(["week", "month_span"])


class Weight(IntEnum):
    """How certainly words name a day."""

    VAGUE = 0  # some time, no day: 尽快
    WEAK = 1  # a day where it stands by itself: 3号, 3天
    STRONG = 2


@dataclass(frozen=True)
class Mention:
    """A day that is named from `start` to `end` of the folded text.

    `day` is None where the words must be asked about; `missing` says that it is in no calendar.
    `until` is the time of day by which a thing said for then is due, None for the close of office,
    `at` the moment itself; `timed` says that a time was named, `closed` that a time or a 前 ends
    the words. `definite` leaves no doubt which year is meant. `form` is the name of
    the words' form, "" for vague words; `endless` ones name no part of a long time.
    """

    start: int
    end: int
    weight: Weight
    form: str = ""
    day: date | None = None
    missing: bool = False
    at: time | None = None
    until: time | None = None
    timed: bool = False
    closed: bool = False
    definite: bool = False
    endless: bool = False


def find_mentions(text: str, today: date, calendar: Calendar) -> list[Mention]:
    """Every mention in the folded text, in order; a number is never cut in its middle."""
    found: list[Mention] = []
    at = floor = 0
    while at < len(text):
        mention = read_mention(text, at, today, calendar, floor)
        if mention is None:
            at += 1
        else:
            _add(found, mention, text, today, calendar)
            at = floor = found[-1].end
    return [_doubt(mention, text) for mention in found]


def read_mention(
    text: str, start: int, today: date, calendar: Calendar, floor: int = 0, *, plain: bool = False
) -> Mention | None:
    """The mention that begins exactly there; `floor` is where the one before it ended. A `plain`
    one is a day only: neither a range nor a time of day belongs to it."""
    if text[start].isspace() or _is_inside_number(text, start, floor):
        return None
    vague = next((word for word in words()["reading"]["vague"] if text.startswith(word, start)), "")
    best = _match_longest(text, start, floor, _RANGES if plain else frozenset())
    if best is None or len(vague) > _find_end(best[1]) - start:
        return Mention(start, start + len(vague), Weight.VAGUE) if vague else None
    name, found = best
    day, missing = None, False
    if name not in _VAGUE_FORMS:
        try:
            day = read_form(name, Said(found.groupdict(), today, calendar))
        except NoSuchDay:
            missing = True
        except UnclearDay:
            pass
    weight = Weight.VAGUE if name in _VAGUE_FORMS else _weigh(name, found.groupdict())
    parts = found.groupdict()
    mention = Mention(
        start,
        _find_end(found),
        weight,
        name,
        day,
        missing,
        definite=name in DEFINITE or bool(parts.get("year")),
        endless=name in _LONG and not parts.get("part"),
    )
    return _extend(mention, text, plain=plain)


def _match_longest(
    text: str, start: int, floor: int, without: frozenset[str]
) -> tuple[str, re.Match[str]] | None:
    best: tuple[str, re.Match[str]] | None = None
    for name in form_names():
        found = match_form(name, text, start)
        if (
            found is None
            or name in without
            or not _stands(name, text, start, _find_end(found), floor)
        ):
            continue
        if best is None or _find_end(found) > _find_end(best[1]):
            best = (name, found)
    return best


def _find_end(found: re.Match[str]) -> int:
    """Where the words end, without the gap that more words might have followed."""
    return found.start() + len(found[0].rstrip())


def _stands(name: str, text: str, start: int, end: int, floor: int) -> bool:
    """Whether a form may begin and end there."""
    ahead, behind = text[end : end + 1], text[start - 1 : start] if start > floor else ""
    if name == "next" and behind and behind in words()["reading"]["no_festival"]:
        return False
    if name == "month_end" and behind and behind in words()["reading"]["no_month"]:
        return False
    if name in _ENDS and behind and is_numeral(behind):
        return False
    cut = name != "weekday" and ahead != "" and is_numeral(ahead) and is_numeral(text[end - 1])
    return not cut


def _is_inside_number(text: str, start: int, floor: int) -> bool:
    if not is_numeral(text[start]) or start <= floor:
        return False
    before = text[start - 1]
    if is_numeral(before) or before in words()["reading"]["ordinal"]:
        return True
    joined = before in words()["reading"]["joins"] and start - 2 >= floor
    return joined and is_numeral(text[start - 2])


def _weigh(name: str, parts: dict[str, str | None]) -> Weight:
    plain = name in _OPEN and not parts.get("part")
    bare = name == "span" and not parts.get("tail")
    return Weight.WEAK if plain or bare or name in _DOUBTFUL else Weight.STRONG


def _extend(mention: Mention, text: str, *, plain: bool = False) -> Mention:
    """With the weekday, the time of day and the 前 that follow it."""
    named = match_around("day_name", text, mention.end)
    if named and mention.day and mention.form != "weekday":
        weekday = words()["weekdays"][named["weekday"]]
        day = mention.day if mention.day.weekday() == weekday else None
        mention = replace(mention, end=_find_end(named), day=day, weight=Weight.STRONG)
    clock = None if plain else read_clock_time(text, _skip_gap(text, mention.end))
    if clock:
        mention = _set_clock(mention, clock)
    until = match_around("until", text, mention.end)
    if until:
        mention = _set_until(mention, until.end(), until["until"])
    return mention


def _set_clock(mention: Mention, clock: ClockTime) -> Mention:
    day = None if clock.unclear else mention.day
    return replace(
        mention,
        end=clock.end,
        day=day,
        weight=Weight.STRONG,
        at=clock.at,
        until=clock.until,
        timed=True,
        closed=True,
    )


def _set_until(mention: Mention, end: int, word: str) -> Mention:
    lost = mention.endless and word in words()["marks"]["before"]
    day = None if lost else mention.day
    return replace(mention, end=end, weight=Weight.STRONG, day=day, closed=True)


def _skip_gap(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] == " " else at


def _add(
    found: list[Mention], mention: Mention, text: str, today: date, calendar: Calendar
) -> None:
    """Beside the others; as one with the last where both are ends of a range, or the same day."""
    last = found[-1] if found else None
    if last is None or Weight.VAGUE in (last.weight, mention.weight):
        found.append(mention)
        return
    between = text[last.end : mention.start]
    joined = match_around("join", between)
    if joined and joined.end() == len(between) and between.strip():
        found[-1] = _join(last, mention)
    elif not between.strip(" ()") and (same := _merge(last, mention)):
        closed = same.end + (text[same.end : same.end + 1] == ")")
        found[-1] = _extend(replace(same, end=closed), text)
    else:
        found.append(mention)


def _join(first: Mention, last: Mention) -> Mention:
    """From one day to another: the later end."""
    ordered = first.day and last.day and first.day <= last.day
    return replace(last, start=first.start, weight=Weight.STRONG, day=last.day if ordered else None)


def _merge(first: Mention, second: Mention) -> Mention | None:
    """One day said twice: 下周三(3月19日)."""
    if first.day is None or second.day is None:
        return None
    weekday = first.form == "weekday" and first.day.weekday() == second.day.weekday()
    if first.day != second.day and not weekday:
        return None
    return replace(second, start=first.start, weight=Weight.STRONG)


def _doubt(mention: Mention, text: str) -> Mention:
    """With its leading words; without a day where what stands round it makes it another one."""
    start = mention.start
    while (earlier := _find_lead(text[:start])) is not None:
        start = earlier
    mention = replace(mention, start=start)
    if mention.weight is Weight.VAGUE:
        return mention
    before, after = text[:start], text[mention.end :]
    doubtful = (
        search_around("before", before)
        or (before and is_numeral(before[-1]))
        or match_around("after", after)
        or (after and is_numeral(after[0]) and not mention.closed)
    )
    return replace(mention, day=None) if doubtful else mention


def _find_lead(before: str) -> int | None:
    """Where a word begins that belongs to the day after it."""
    text = before.rstrip(" ")
    for word in words()["reading"]["leads"]:
        if text.endswith(word):
            return len(text) - len(word)
    return None
