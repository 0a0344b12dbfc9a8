"""Reads what is to be changed in a promise: who, by when, what, one of them or several."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.core.days.dates import Deadline
from bot.core.days.working_calendar import Calendar
from bot.core.sessions.promises import Flaw, Unreadable, check_single, find_deadline_ahead

_GAP = re.compile(r"[\s,，、：:]+")


@dataclass(frozen=True)
class Amendment:
    """What is said anew, empty or None where it stays. `unclear` are words that may as well say who
    as what: the person is asked."""

    who: str = ""
    what: str = ""
    deadline: Deadline | None = None
    unclear: str = ""


def read_amendment(
    words: str, today: date, calendar: Calendar, is_promiser: Callable[[str], bool]
) -> Amendment:
    """`供电公司 12月20日前 完成增容`, `12月20日`, `供电公司`, `12月20日前 完成增容`: `today` is the
    day from which days are counted. Raises Unreadable."""
    check_single(words)
    try:
        found = find_deadline_ahead(words, today, calendar)
    except Unreadable as error:
        if error.flaw is not Flaw.NO_DAY:
            raise
        return _read_names(words.strip(), None, is_promiser)
    before = " ".join(part for part in _GAP.split(found.before) if part)
    if not before:
        return _read_names(found.after, found, is_promiser, sure=True)
    if not found.after and not is_promiser(before):
        return Amendment(deadline=found, unclear=before)
    return Amendment(who=before, what=found.after, deadline=found)


def _read_names(
    words: str,
    deadline: Deadline | None,
    is_promiser: Callable[[str], bool],
    *,
    sure: bool = False,
) -> Amendment:
    """Words that begin with who does it, else say what is done; without a day nobody knows."""
    first, *rest = _GAP.split(words, maxsplit=1)
    if words and is_promiser(words):
        return Amendment(who=words, deadline=deadline)
    if rest and is_promiser(first):
        return Amendment(who=first, what=rest[0].strip(), deadline=deadline)
    if words and not sure:
        return Amendment(deadline=deadline, unclear=words)
    return Amendment(what=words, deadline=deadline)
