"""What the wall (挂图作战) shows of an open issue: its lane, how much time is left, how urgent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.issues.issue import Rung, Status
from bot.core.park.park import Park
from bot.core.park.service_levels import Basis, ServiceLevel, fraction_points


class Lane(StrEnum):
    """A column of the wall, from left to right: the way of an issue."""

    TO_ACCEPT = "to_accept"
    TO_ANSWER = "to_answer"
    IN_HAND = "in_hand"
    WAITING = "waiting"
    PLANNED = "planned"
    TO_CONFIRM = "to_confirm"


class Tone(StrEnum):
    """How an issue stands with its deadline."""

    LATE = "late"
    NEAR = "near"
    GOOD = "good"
    STILL = "still"  # the clock does not run against anybody


@dataclass(frozen=True)
class LaneRule:
    """Which issues stand in a lane, and which of their moments is looked at there.

    `answered` says whether the first answer was given, None where that is no matter. `part` is the
    clock that runs, "" where none does: then nobody is late.
    """

    lane: Lane
    status: Status
    moment: str
    part: str = ""
    answered: bool | None = None


LANES = (
    LaneRule(Lane.TO_ACCEPT, Status.FILED, "accept_due", "accept"),
    LaneRule(Lane.TO_ANSWER, Status.ACCEPTED, "answer_due", "answer", answered=False),
    LaneRule(Lane.IN_HAND, Status.ACCEPTED, "solve_due", "solve", answered=True),
    LaneRule(Lane.WAITING, Status.WAITING, "pause_until"),
    LaneRule(Lane.PLANNED, Status.PLANNED, "solve_due", "solve"),
    LaneRule(Lane.TO_CONFIRM, Status.RESOLVED, "resolved_at"),
)
"""The lanes in their order: "1+1+2" is read from left to right. What the enterprise has confirmed
only waits to be struck off and stands nowhere."""
RULES = {rule.lane: rule for rule in LANES}
SOON = timedelta(days=3)
"""An agreed plan (挂账) is near its end from so long before it."""


@dataclass(frozen=True)
class Card:
    """One open issue as the wall needs it. `moment` is that of its lane, `since` when its clock
    began; both aware. The names are None where nobody is known."""

    lane: Lane
    number: str
    title: str
    category: str
    urgent: bool
    rung: Rung
    terms: str
    since: datetime
    moment: datetime | None
    firm: str | None = None
    aliases: tuple[str, ...] = ()
    reporter: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Pile:
    """A lane: the cards that are shown, the most pressing first, how many there are in all and how
    many of those are late."""

    lane: Lane
    cards: tuple[Card, ...] = ()
    count: int = 0
    late: int = 0

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)


def tone(card: Card, now: datetime, park: Park) -> Tone:
    """Near is what the last reminder has been given for; an agreed plan, three days before."""
    part = RULES[card.lane].part
    if not part or card.moment is None:
        return Tone.STILL
    if card.moment <= now:
        return Tone.LATE
    return Tone.NEAR if _near_from(card, card.moment, part, park) <= now else Tone.GOOD


def _near_from(card: Card, due: datetime, part: str, park: Park) -> datetime:
    if card.lane is Lane.PLANNED:
        return due - SOON
    last = max(park.reminders, default=1.0)
    basis: Basis = getattr(ServiceLevel.from_terms("given", card.terms), part).basis
    return fraction_points(card.since, due, basis, park.hours, (last,))[0]


@dataclass(frozen=True)
class Length:
    """A length of time in whole days, hours and minutes, none of them negative."""

    days: int
    hours: int
    minutes: int

    @classmethod
    def between(cls, one: datetime, other: datetime) -> "Length":
        """How far apart two moments are, whichever is the earlier."""
        minutes = int(abs(one - other).total_seconds() // 60)
        return cls(minutes // 1440, minutes // 60 % 24, minutes % 60)
