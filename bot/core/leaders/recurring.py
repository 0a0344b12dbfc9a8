"""Sees what several enterprises complain of: one category, one word of it or one place."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from bot.core.classifier.categories import Category
from bot.core.classifier.lexicon import Lexicon
from bot.core.reading import fold

WINDOW = timedelta(days=90)
"""How far back is looked, and how long a reform's effect is watched: the same span, so that the
two counts can be set side by side."""
SEVERAL = 3
"""Enterprises that make a matter recurring."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """An issue of a known enterprise, in the words it was filed with."""

    issue_id: int
    enterprise_id: int
    category: str
    text: str
    filed_at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True)
class Recurrence:
    """Complaints with one `mark` in common: a word of the category, or a place."""

    category: str
    mark: str
    complaints: tuple[Complaint, ...]

    @property
    def issues(self) -> tuple[int, ...]:
        """Ids, the first filed first."""
        return tuple(complaint.issue_id for complaint in self.complaints)

    @property
    def firms(self) -> tuple[int, ...]:
        """Ids of the enterprises, each once."""
        return tuple(sorted({complaint.enterprise_id for complaint in self.complaints}))


Words = Mapping[str, Lexicon]
"""For each category by name the words that tell its matters apart."""
Key = tuple[str, str]
"""A category and a mark: what makes two recurrences the same matter."""


def pick_telling_words(category: Category, more: Collection[str] = ()) -> Lexicon:
    """A category's keywords without those that only name the category or its department: every
    complaint of it has them."""
    words = (fold(word).lower() for word in (*category.keywords, *more))
    whole = fold(category.name + " " + category.department).lower()
    telling = sorted({word for word in words if len(word) > 1 and word not in whole})
    return Lexicon(tuple(telling), (0,) * len(telling))


def marks(text: str, words: Lexicon) -> frozenset[str]:
    """What a complaint is about, in words that can be compared: telling words, places."""
    plain = fold(text).lower()
    return frozenset({hit.word for hit in words.words_in(plain)} | _places(plain))


def find_recurrences(
    complaints: Iterable[Complaint], words: Words, taken: Collection[Key] = ()
) -> list[Recurrence]:
    """The matters that SEVERAL enterprises raised, most enterprises first; each complaint belongs
    to one at most. `taken` are matters that are dealt with already: their complaints are left
    out."""
    found: list[Recurrence] = []
    by_category: dict[str, list[Complaint]] = defaultdict(list)
    for complaint in complaints:
        by_category[complaint.category].append(complaint)
    for category, mine in sorted(by_category.items()):
        told = [
            (complaint, marks(complaint.text, words.get(category, Lexicon()))) for complaint in mine
        ]
        done = {mark for name, mark in taken if name == category}
        found += _group_by_mark(
            category, [(complaint, has) for complaint, has in told if not has & done]
        )
    return sorted(found, key=lambda one: (-len(one.firms), -len(one.complaints), one.mark))


def same(complaints: Iterable[Complaint], key: Key, words: Words) -> list[Complaint]:
    """The complaints of one matter, by the same yardstick. Of a category that is no longer there
    the mark counts alone, wherever it stands."""
    category, mark = key
    if category not in words:
        alone = Lexicon((mark,), (0,))
        return [complaint for complaint in complaints if mark in marks(complaint.text, alone)]
    return [
        complaint
        for complaint in complaints
        if complaint.category == category and mark in marks(complaint.text, words[category])
    ]


def median_days(complaints: Iterable[Complaint]) -> float | None:
    """Calendar days from filing to the result, half took longer; None while none has a result."""
    spans = [
        complaint.resolved_at - complaint.filed_at
        for complaint in complaints
        if complaint.resolved_at
    ]
    return round(median(span / timedelta(days=1) for span in spans), 1) if spans else None


def _group_by_mark(
    category: str, told: Sequence[tuple[Complaint, frozenset[str]]]
) -> list[Recurrence]:
    """The mark of most enterprises first, then what is left without its complaints."""
    found = []
    left = list(told)
    while best := _best(left):
        mine = [complaint for complaint, has in left if best in has]
        ordered = sorted(mine, key=lambda one: (one.filed_at, one.issue_id))
        found.append(Recurrence(category, best, tuple(ordered)))
        left = [(complaint, has) for complaint, has in left if best not in has]
    return found


def _best(left: Sequence[tuple[Complaint, frozenset[str]]]) -> str | None:
    firms: dict[str, set[int]] = defaultdict(set)
    count: dict[str, int] = defaultdict(int)
    for complaint, has in left:
        for mark in has:
            firms[mark].add(complaint.enterprise_id)
            count[mark] += 1
    several = [mark for mark, who in firms.items() if len(who) >= SEVERAL]
    # Of equals the longer word says more; the last part only makes the choice the same every time.
    order = {mark: (len(firms[mark]), count[mark], len(mark), mark) for mark in several}
    return max(several, key=order.__getitem__, default=None)


def _places(plain: str) -> set[str]:
    return {_place(found) for found in _pattern().finditer(plain)}


def _place(found: re.Match[str]) -> str:
    """`三号路` and `3号路` are one place."""
    count = found["count"]
    return f"{_number(count)}{found['kind']}" if count else found[0]


def _number(count: str) -> int:
    if count.isascii():
        return int(count)
    ten = _data()["ten"]
    digits = _data()["numerals"]
    tens, is_ten, ones = count.rpartition(ten)
    high = (digits.find(tens[-1:]) if tens else 1) if is_ten else 0
    return high * 10 + (digits.find(ones[-1:]) if ones else 0)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_data()["pattern"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
