"""The figures of one week: what digest, board and ledger print, and how each of them is counted.

Three rules hold for all of them.

- **When**: what happened (filed, resolved, withdrawn, a deadline that came) counts in the week
  [`since`, `until`) in which its moment lies, on the park's clock. What is open or overdue is seen
  at `at`: the end of the week, or the moment of counting while the week still runs.
- **What became of it** is read from the record as it stands when it is counted (`counted_at`,
  数据截至). A move that was taken back has never been; an issue that was resolved and came back
  (没解决, 重办) is not resolved, in the week of its first resolving neither.
- **One enterprise's word is one issue.** An issue merged into another is filed and resolved for the
  enterprise that raised it, and measured by the deadlines that enterprise was given. It is open
  too, but on nobody's desk (`merged`): while it is merged its clock stands, so that it is not
  overdue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.days.weeks import Week
from bot.core.issues.raters import FEWEST

WEEKS = 8
"""Points of a line."""
WORST = 5
"""Rows of the list of what is late."""
RECURRING_DAYS, RECURRING_FIRMS = 28, 3
"""A category is a recurring matter when so many enterprises raised it within so many days."""
SATISFIED = 3
"""From so many stars on an enterprise is satisfied (基本满意): GB/T 39735-2020."""


@dataclass(frozen=True)
class Share:
    """`n` of `of`; printed with both numbers, and without a per cent where there is nothing."""

    n: int = 0
    of: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.of:
            raise ValueError(f"{self.n} of {self.of} is no share")

    @property
    def percent(self) -> int | None:
        """Whole per cent, None of nothing. Rounded, but 100 only when nothing lacks and 0 only
        when nothing is there: 999 of 1000 is 99."""
        if not self.of:
            return None
        rounded = (200 * self.n + self.of) // (2 * self.of)
        if 0 < self.n < self.of:
            return min(max(rounded, 1), 99)
        return rounded


@dataclass(frozen=True)
class WeekPoint:
    """One point of the eight weeks' lines."""

    week: Week
    filed: int = 0
    resolved: int = 0


@dataclass(frozen=True)
class CategoryCount:
    """One category in the week; "" is what has none. `open` as of the end of the week."""

    category: str
    filed: int = 0
    resolved: int = 0
    open: int = 0


@dataclass(frozen=True)
class Late:
    """One overdue issue: whose, who holds it (None: nobody), and since when (its `solve_due`)."""

    issue_id: int
    number: str
    title: str
    enterprise: str | None
    person: str | None
    due: datetime
    late: timedelta


@dataclass(frozen=True)
class Recurring:
    """A category that several enterprises raised within RECURRING_DAYS before the week's end."""

    category: str
    issues: int
    firms: int


@dataclass(frozen=True)
class Broken:
    """A promise of a session whose day came in the week without its being kept by then.

    `session` and `serial` are its number, such as 95-03; `later` says that it has been kept since.
    """

    session: int
    serial: int
    who: str
    what: str
    due: datetime
    later: bool


@dataclass(frozen=True)
class Settled:
    """The issues resolved in the week, by what the enterprise says of it.

    `claimed` = `confirmed` + `unhappy` + `silent`. `claimed`: somebody of the park said 办结 and
    it still stands. `confirmed`: the enterprise said 已解决, or gave three stars or more.
    `unhappy`: it never said 已解决 but gave one or two stars. `silent`: not a word: silence is
    neither confirmation nor satisfaction. `rated` have stars, `satisfied` three or more; the rest
    is unrated, in no rate and printed beside it.
    """

    claimed: int = 0
    confirmed: int = 0
    silent: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def unhappy(self) -> int:
        """Low stars and no word of its being solved."""
        return self.claimed - self.confirmed - self.silent

    @property
    def shows_ratings(self) -> bool:
        """Whether so many have rated that their sum points at nobody; also where nobody has."""
        return self.rated == 0 or self.rated >= FEWEST

    @property
    def without_rating(self) -> int:
        """Resolved without stars."""
        return self.claimed - self.rated


@dataclass(frozen=True)
class Open:
    """What was not settled at the end of the week; the parts overlap the whole, not each other.

    `overdue`: its deadline (`solve_due`, with extensions and agreed plans) has passed and its clock
    runs. `waiting`: for the enterprise's supplement, the clock stands. `merged`: on the clock of
    another issue. `planned`: an agreed dated plan (挂账) that is not overdue.
    """

    all: int = 0
    overdue: int = 0
    waiting: int = 0
    merged: int = 0
    planned: int = 0


@dataclass(frozen=True)
class InTime:
    """1+1+2: of the deadlines that lay in the week, those met in time.

    A deadline does not count when nobody was held to it as it came: the clock stood (waiting,
    merged), an agreed plan had taken the place of the first two, or the enterprise had withdrawn.
    What was late before that stays late: a question asked too late makes nothing good.
    Each deadline of an issue is so counted once, in its own week, whenever the issue was filed.
    """

    accept: Share = Share()
    answer: Share = Share()
    solve: Share = Share()


@dataclass(frozen=True)
class Figures:
    """All figures of one week, of the whole park or of some enterprises.

    `filed`: in the week, withdrawn ones too. `withdrawn`: in the week, whenever they were filed.
    So open at the end = open at the beginning + filed - resolved - withdrawn.
    `response` is the 响应率: of the issues filed in the week, those that somebody has accepted;
    what was withdrawn before anybody had is in neither number.
    `promises`: of the sessions' promises whose day lay in the week, those kept by then; taken back
    and dropped ones are in neither number.
    """

    week: Week
    since: datetime
    until: datetime
    at: datetime
    counted_at: datetime
    filed: int = 0
    withdrawn: int = 0
    settled: Settled = Settled()
    open: Open = Open()
    kept: InTime = InTime()
    response: Share = Share()
    line: tuple[WeekPoint, ...] = ()
    categories: tuple[CategoryCount, ...] = ()
    worst: tuple[Late, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    promises: Share = Share()
    broken: tuple[Broken, ...] = ()

    @property
    def resolution_count(self) -> int:
        """Resolved in the week, as somebody of the park says."""
        return self.settled.claimed

    @property
    def solution(self) -> Share:
        """解决率: of the issues resolved in the week, those that the enterprise has confirmed."""
        return Share(self.settled.confirmed, self.settled.claimed)

    @property
    def satisfaction(self) -> Share:
        """满意率: of the issues resolved in the week and rated, those with three stars or more."""
        return Share(self.settled.satisfied, self.settled.rated)

    @property
    def printable_satisfaction(self) -> Share:
        """满意率 as it is printed: of fewer ratings there is none."""
        return self.satisfaction if self.settled.shows_ratings else Share(0, 0)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened and nothing is open."""
        return not (self.filed or self.resolution_count or self.withdrawn or self.open.all)


def most_first(counts: Sequence[CategoryCount]) -> tuple[CategoryCount, ...]:
    """Categories in the order of a list: most filed, then most open, then by name."""
    return tuple(sorted(counts, key=lambda one: (-one.filed, -one.open, one.category)))


def most_spread(found: Sequence[Recurring]) -> tuple[Recurring, ...]:
    """Recurring matters in the order of a list: most enterprises, most issues, then by name."""
    return tuple(sorted(found, key=lambda one: (-one.firms, -one.issues, one.category)))
