"""Who hears of a missed deadline and how long after: liaison → department → task force → leader."""

from dataclasses import dataclass

from bot.core.issues.issue import Rung
from bot.core.park.service_levels import Basis, Span, Unit


@dataclass(frozen=True)
class Step:
    """One rung and how long after the broken deadline it hears; None means at once."""

    rung: Rung
    after: Span | None = None


LADDER = (
    Step(Rung.DEPARTMENT),
    Step(Rung.TASK_FORCE, Span(4, Unit.HOUR, Basis.WORKING)),
    Step(Rung.LEADER, Span(1, Unit.DAY, Basis.WORKING)),
)
"""The usual ladder; an office may set its own."""
