"""The park's own rules as the core reads them; settings build it once at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.days.quiet_hours import QuietHours
from bot.core.days.working_hours import WorkingHours
from bot.core.issues.issue import DANGER, Seal
from bot.core.messages import Address
from bot.core.park.assignment import AssignmentRule
from bot.core.park.escalation import LADDER, Step
from bot.core.park.service_levels import Basis, ServiceLevel, Span, Unit
from bot.core.projects.plan import ProjectRules
from bot.core.sessions.session import SessionRules

_IN_DANGER = ServiceLevel(
    DANGER,
    Span(15, Unit.MINUTE, Basis.NATURAL),
    Span(1, Unit.HOUR, Basis.NATURAL),
    Span(24, Unit.HOUR, Basis.NATURAL),
)
PAUSE = Span(3, Unit.DAY)
"""How long the clock stands still for an enterprise that does not answer."""

RULING = Span(1, Unit.DAY)
"""How long the duty desk may take to rule in a dispute."""


@dataclass(frozen=True)
class Limits:
    """How long, how often and how many; every one is a setting."""

    undo_within: timedelta = timedelta(minutes=2)
    urge_every: timedelta = timedelta(hours=4)
    rate_within: timedelta = timedelta(days=7)
    reopen_within: timedelta = timedelta(days=30)
    burst: timedelta = timedelta(seconds=90)
    hold: timedelta = timedelta(seconds=20)
    menu: timedelta = timedelta(hours=24)
    code: timedelta = timedelta(days=7)
    link: timedelta = timedelta(days=7)
    minutes_link: timedelta = timedelta(days=30)
    close_after: timedelta = timedelta(days=7)
    ask_again_after: timedelta = timedelta(days=3)
    pause: Span = PAUSE
    merge: timedelta = timedelta(minutes=10)
    do_not_disturb: timedelta = timedelta(hours=2)
    ruling: Span = RULING
    load: int = 30
    call: timedelta = timedelta(minutes=15)
    call_again: timedelta = timedelta(minutes=60)


@dataclass(frozen=True)
class TalkRules:
    """How long a question whether something is a matter waits until it is filed all the same."""

    question: timedelta = timedelta(minutes=30)


@dataclass(frozen=True)
class ServiceLevelRule:
    """Which issues get which service level; what is not given matches all, the first that fits
    counts. `category` is a name."""

    service_level: str
    category: str | None = None
    tag: str | None = None
    urgent: bool | None = None

    def fits(self, category: str, tags: frozenset[str], urgent: bool) -> bool:
        """Whether an issue of this kind is meant."""
        return (
            self.category in (None, category)
            and (self.tag is None or self.tag in tags)
            and self.urgent in (None, urgent)
        )


@dataclass(frozen=True)
class Park:
    """One park: its name, its numbers' prefix, its hours, its service levels, its limits. In the
    `staff_group` every issue has a room of its own; None where there is no such group. `sealed` are
    the names of those who read each kind of sealed matter: first, stand-in, last."""

    name: str
    prefix: str
    phone: str = ""
    hours: WorkingHours = field(default_factory=WorkingHours)
    quiet: QuietHours = field(default_factory=QuietHours)
    limits: Limits = field(default_factory=Limits)
    service_levels: Mapping[str, ServiceLevel] = field(default_factory=dict)
    service_level_rules: tuple[ServiceLevelRule, ...] = ()
    reminders: tuple[float, ...] = (0.5, 0.8)
    ladder: tuple[Step, ...] = LADDER
    assignment_rules: tuple[AssignmentRule, ...] = ()
    sessions: SessionRules = field(default_factory=SessionRules)
    staff_group: Address | None = None
    projects: ProjectRules = field(default_factory=ProjectRules)
    talk: TalkRules = field(default_factory=TalkRules)
    sealed: Mapping[Seal, tuple[str, ...]] = field(default_factory=dict)

    def find_service_level(self, name: str) -> ServiceLevel:
        """The service level of this name; one that was taken out of the settings is the default.
        Danger has its own, whatever an office has set."""
        known = self.service_levels
        if name == DANGER and name not in known:
            return _IN_DANGER
        return known.get(name) or known.get("default") or ServiceLevel("default")

    def choose_service_level(
        self, category: str, tags: frozenset[str], urgent: bool, usual: str = "default"
    ) -> ServiceLevel:
        """What an issue of this kind is given at filing: by the first rule that fits, else the
        category's `usual` one: the registry's, else the taxonomy's. `category` is a name."""
        fitting = (rule for rule in self.service_level_rules if rule.fits(category, tags, urgent))
        rule = next(fitting, None)
        return self.find_service_level(rule.service_level if rule else usual)

    def local(self, moment: datetime) -> datetime:
        """The moment on the park's clock."""
        return self.hours.local(moment)
