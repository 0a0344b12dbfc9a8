"""An issue (诉求): what an enterprise raised, where it stands and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.core.messages import Action


class Status(StrEnum):
    """Where an issue stands; a cache of its last event."""

    FILED = "filed"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    PLANNED = "planned"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Rung(StrEnum):
    """A step of the ladder, from the bottom."""

    LIAISON = "liaison"
    DEPARTMENT = "department"
    TASK_FORCE = "task_force"
    LEADER = "leader"

    @property
    def height(self) -> int:
        """0 for the liaison, counting up."""
        return list(Rung).index(self)


class Seal(StrEnum):
    """What makes a matter one that only named people may see (密)."""

    COMPLAINT = "complaint"
    INSPECTION = "inspection"
    LEGAL = "legal"


WORKED_ON = frozenset({Status.FILED, Status.ACCEPTED, Status.WAITING, Status.PLANNED})
"""Somebody still owes the enterprise something."""
OPEN = WORKED_ON | {Status.RESOLVED, Status.CONFIRMED}
"""Not yet struck off."""
LOW_STARS = 2
"""Up to this many stars the enterprise is not satisfied (GB/T 39735-2020: 不满意, 非常不满意)."""
OVER = frozenset(Status) - OPEN
"""Nothing more is to be said of it, unless it is opened again."""


@dataclass(frozen=True)
class Milestone:
    """A step of an agreed plan (挂账): what by the end of which day."""

    day: date
    text: str
    done: bool = False


@dataclass(frozen=True)
class Issue:
    """All that the rules need to know of one issue. Every datetime is aware; the storage keeps UTC.

    `offered_to` is the person who was asked to take it over and has not tapped 接 yet: until then
    `owner_id` holds it. `paused_at` is set while the clock stands still, `resumed_at` once it ran
    again. `accept_due`, `answer_due` and `solve_due` are the deadlines of "1+1+2", computed at
    filing. `disputed_at` is set while a return (退单) waits for the duty desk's ruling, `ruled_at`
    once there was one.

    `claimed_id` is the enterprise that somebody unbound says they speak for: whose issue it is is
    only known when `enterprise_id` is set. `merged_into` is the issue whose work settles this one
    too (并案); its own clock stands meanwhile. `unverified` (待核实): nobody answered the question
    whether it is a matter at all. Of a `sealed` one only the writer, the holder and the superior
    learn more than the number (see `bot.core.issues.sealing`); its title says nothing.
    """

    id: int
    number: str
    status: Status
    thread_id: int
    filed_at: datetime
    accept_due: datetime
    answer_due: datetime
    solve_due: datetime
    title: str
    category: str = ""
    second: str = ""
    sure: bool = True
    urgent: bool = False
    unverified: bool = False
    service_level: str = "default"
    terms: str = "1hw,1dw,2dw"
    clock_from: datetime | None = None
    enterprise_id: int | None = None
    reporter_id: int | None = None
    owner_id: int | None = None
    offered_to: int | None = None
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    confirmed_at: datetime | None = None
    closed_at: datetime | None = None
    paused_at: datetime | None = None
    pause_until: datetime | None = None
    resumed_at: datetime | None = None
    extend_to: datetime | None = None
    plan_until: datetime | None = None
    milestones: tuple[Milestone, ...] = ()
    claimed_id: int | None = None
    merged_into: int | None = None
    rung: Rung = Rung.LIAISON
    superior_id: int | None = None
    leader_id: int | None = None
    disputed_at: datetime | None = None
    ruled_at: datetime | None = None
    snoozed_until: datetime | None = None
    stars: int | None = None
    rated_at: datetime | None = None
    asked_rating: int = 0
    urged: int = 0
    urged_at: datetime | None = None
    swept_at: datetime | None = None
    next_due_at: datetime | None = None
    sealed: Seal | None = None

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody has said yet that it is a matter at all: the duty desk looks at it first.
        Accepting it verifies it."""
        return self.unverified and self.status is Status.FILED

    @property
    def is_dangerous(self) -> bool:
        """Whether people are in danger: its deadlines are those of danger."""
        return self.service_level == DANGER


DANGER = "danger"
"""The service level of a matter in which people are in danger (险情)."""
CONSULT = "consult"
"""The service level of a question about a policy or a procedure (咨询)."""


def number_of(prefix: str, day: date, serial: int) -> str:
    """The issue's number, such as `YZ-20241014-003`; `day` is the filing day in the park's zone."""
    return f"{prefix}-{day:%Y%m%d}-{serial:03d}"


def build_action(verb: str, issue: Issue, words: str = "") -> Action:
    """What a verb about this issue means, with free words exactly as they are."""
    return Action(verb, issue.id, words=words, number=issue.number)


def title_of(text: str, limit: int = 24) -> str:
    """The first line of what was written, cut to `limit` characters."""
    line = next((part for part in text.splitlines() if part.strip()), "").strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"
