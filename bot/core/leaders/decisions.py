"""The few matters that wait for one leader's word: which, why, and at most three a week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.issues.due import open_parts
from bot.core.issues.issue import WORKED_ON, Issue, Rung
from bot.core.messages import Refused
from bot.core.park.park import Park
from bot.core.park.service_levels import due

MOST = 3
"""A leader is asked for no more decisions than this at a time."""
QUIET = timedelta(days=6)
"""What was decided rests for this long: the next week's digest may ask again if it still needs a
word."""


class Cause(StrEnum):
    """Why a matter needs a leader, the gravest first."""

    DISPUTE = "dispute"  # returned (退单), and the duty desk has not ruled in time
    OVERDUE = "overdue"  # climbed to the top rung and still late
    BROKEN = "broken"  # promised at a session and not kept
    UNOWNED = "unowned"  # nobody holds it and its hour is over
    RECURRING = "recurring"  # several enterprises within 90 days, proposed as a reform
    PLAN = "plan"  # a dated plan (挂账) that the enterprise has not agreed to
    OWN = "own"  # the leader's own idea: never offered

    @property
    def rank(self) -> int:
        """0 comes first."""
        return list(Cause).index(self)


class Choice(StrEnum):
    """What a leader may say to it."""

    DIRECT = "direct"  # 批
    REDIRECT = "redirect"  # 转
    TABLE = "table"  # 上会


@dataclass(frozen=True)
class Decision:
    """A matter that was put to a leader, and their word once it came. `week` is the Monday of the
    park's week, `place` 1 to MOST on the leader's list (0: their own idea), `also` are further
    issues of the same matter, `detail` a promise's or reform's number. `session_id` is the session
    that it was sent to."""

    id: int
    leader_id: int
    week: date
    place: int
    issue_id: int
    cause: Cause
    offered_at: datetime
    detail: str = ""
    also: tuple[int, ...] = ()
    choice: Choice | None = None
    decided_at: datetime | None = None
    text: str = ""
    because: str = ""
    session_id: int | None = None


@dataclass(frozen=True)
class Case:
    """An issue as a decider sees it: `broken` is the number of a promise about it that was not
    kept, `reform` that of a reform proposed for it with `also` the other issues behind it."""

    issue: Issue
    broken: str = ""
    reform: str = ""
    also: tuple[int, ...] = ()


def cause_of(case: Case, park: Park, now: datetime) -> Cause | None:
    """The gravest reason why an issue needs a leader's word, None for none."""
    issue = case.issue
    if issue.status not in WORKED_ON or issue.merged_into is not None:
        return None
    found = (
        (Cause.DISPUTE, _is_ruling_overdue(issue, park, now)),
        (Cause.OVERDUE, issue.rung is Rung.LEADER and late_since(issue, now) is not None),
        (Cause.BROKEN, bool(case.broken)),
        (Cause.UNOWNED, issue.owner_id is None and issue.accept_due <= now),
        (Cause.RECURRING, bool(case.reform)),
        (Cause.PLAN, _is_plan_pending(issue)),
    )
    return next((cause for cause, so in found if so), None)


def late_since(issue: Issue, now: datetime) -> datetime | None:
    """The earliest broken deadline that is still owed, None while all is in time."""
    return min((at for _part, at in open_parts(issue) if at <= now), default=None)


def rank_cases(cases: Iterable[Case], park: Park, now: datetime) -> list[tuple[Case, Cause]]:
    """Everything that needs a leader, the gravest first, then urgent ones, then the oldest."""
    found = [(case, cause) for case in cases if (cause := cause_of(case, park, now))]
    return sorted(found, key=_weight)


def fill_places(
    kept: Sequence[Decision], ranked: Iterable[tuple[Case, Cause]], resting: Iterable[int]
) -> list[tuple[int, Case, Cause]]:
    """What to put into the free places of a leader's list. `kept` stays where it is; `resting` are
    issues that were offered or decided a short time ago."""
    taken = {decision.place for decision in kept}
    known = {issue for decision in kept for issue in (decision.issue_id, *decision.also)} | set(
        resting
    )
    free = [place for place in range(1, MOST + 1) if place not in taken]
    found: list[tuple[int, Case, Cause]] = []
    for case, cause in ranked:
        if len(found) == len(free):
            break
        if case.issue.id not in known:
            found.append((free[len(found)], case, cause))
            known |= {case.issue.id, *case.also}
    return found


def still_open(rows: Iterable[Decision], issues: Mapping[int, Issue]) -> list[Decision]:
    """Those without a word whose issue still waits for one, by place; none sealed since."""
    waiting = (decision for decision in rows if decision.choice is None and decision.place)
    left = (decision for decision in waiting if _waits(issues[decision.issue_id]))
    return sorted(left, key=lambda one: one.place)


def _waits(issue: Issue) -> bool:
    return issue.status in WORKED_ON and issue.sealed is None


def mine(
    rows: Sequence[Decision],
    issue: Issue,
    leader_id: int,
    names: Mapping[int, str],
    now: datetime,
) -> Decision | None:
    """The row that a leader's word belongs to; None where the issue was put to nobody. `rows` are
    all of the issue, the oldest first; a word that has rested long enough is history.

    Raises Refused when it is settled, when it was decided a short time ago, by whom and when, or
    when it was put to somebody else.
    """
    if issue.status not in WORKED_ON:
        raise Refused("decision.settled", number=issue.number, status=issue.status)
    for decision in rows:
        if decision.decided_at is not None and decision.decided_at > now - QUIET:
            told = {
                "by": names[decision.leader_id],
                "at": decision.decided_at,
                "choice": decision.choice,
            }
            raise Refused("decision.decided", number=issue.number, **told)
    open_ones = [decision for decision in rows if decision.choice is None]
    own = next(
        (decision for decision in reversed(open_ones) if decision.leader_id == leader_id), None
    )
    asked = next((decision for decision in reversed(open_ones) if decision.place), None)
    if own is None and asked is not None:
        leader = names[asked.leader_id]
        raise Refused("decision.not_yours", number=issue.number, leader=leader)
    return own


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def digit(place: int, choice: Choice) -> int:
    """The digit of a choice: 1 2 3 for the first matter, 4 5 6 and 7 8 9 for the others."""
    return (place - 1) * len(Choice) + list(Choice).index(choice) + 1


def _is_ruling_overdue(issue: Issue, park: Park, now: datetime) -> bool:
    at = issue.disputed_at
    return at is not None and due(at, park.limits.ruling, park.hours) <= now


def _is_plan_pending(issue: Issue) -> bool:
    return issue.plan_until is not None and issue.status.value in ("filed", "accepted")


def _weight(one: tuple[Case, Cause]) -> tuple[int, bool, datetime, int]:
    case, cause = one
    return (cause.rank, not case.issue.urgent, case.issue.filed_at, case.issue.id)
