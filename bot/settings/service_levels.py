"""What the clock is told by the settings: service levels, the ladder, the timetable."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from bot.core.days.crontab import walk_due_times
from bot.core.issues.issue import Rung
from bot.core.park.escalation import LADDER, Step
from bot.core.park.park import ServiceLevelRule
from bot.core.park.service_levels import Basis, ServiceLevel, Span, Unit
from bot.settings.faults import Reason


class Section(BaseModel):
    """A part of the settings: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _cron(line: str) -> str:
    try:
        walk_due_times(line, datetime.min.replace(tzinfo=UTC))
    except ValueError:
        raise PydanticCustomError(Reason.CRON.value, "no crontab line") from None
    return line


def _fraction(value: float) -> float:
    if not 0 < value < 1:
        raise PydanticCustomError(Reason.FRACTION.value, "between 0 and 1")
    return value


Cron = Annotated[str, AfterValidator(_cron)]
Fraction = Annotated[float, AfterValidator(_fraction)]


class SpanRow(Section):
    amount: int = Field(ge=1)
    unit: Unit
    basis: Basis = Basis.WORKING

    def span(self) -> Span:
        """As the core reads it. Raises ValueError for more than a year."""
        return Span(self.amount, self.unit, self.basis)


class ServiceLevelRow(Section):
    accept: SpanRow
    answer: SpanRow
    solve: SpanRow
    version: int = Field(default=1, ge=1)

    def service_level(self, name: str) -> ServiceLevel:
        """As the core reads it."""
        spans = (self.accept.span(), self.answer.span(), self.solve.span())
        return ServiceLevel(name, *spans, self.version)


class ServiceLevelRuleRow(Section):
    service_level: str
    category: str | None = None
    tag: str | None = None
    urgent: bool | None = None

    def rule(self) -> ServiceLevelRule:
        """As the core reads it."""
        return ServiceLevelRule(self.service_level, self.category, self.tag, self.urgent)


class StepRow(Section):
    rung: Rung
    after: SpanRow | None = None

    def step(self) -> Step:
        """As the core reads it."""
        return Step(self.rung, self.after.span() if self.after else None)


class EntryRow(Section):
    cron: Cron | None = None
    grace_minutes: int | None = Field(default=None, ge=1, le=10_080)
    enabled: bool = True


class Timetable(Section):
    """An office's own times; the entries are those of `schedules`, the sweeps alone are not to
    be moved."""

    quiet_end: EntryRow = EntryRow()
    forgetting: EntryRow = EntryRow()
    learning: EntryRow = EntryRow()
    absences: EntryRow = EntryRow()
    morning: EntryRow = EntryRow()
    recurring: EntryRow = EntryRow()
    reforms: EntryRow = EntryRow()
    digest: EntryRow = EntryRow()
    root: EntryRow = EntryRow()
    unread: EntryRow = EntryRow()
    series: EntryRow = EntryRow()
    proposal: EntryRow = EntryRow()
    agenda: EntryRow = EntryRow()
    projects: EntryRow = EntryRow()

    def changes(self) -> dict[str, dict[str, Any]]:
        """What is to be changed, by entry."""
        return {
            name: row for name, row in self.model_dump().items() if row != EntryRow().model_dump()
        }


def usual_ladder() -> tuple[StepRow, ...]:
    """The ladder of an office that sets none."""
    return tuple(
        StepRow(rung=step.rung, after=_row(step.after) if step.after else None) for step in LADDER
    )


def _row(span: Span) -> SpanRow:
    return SpanRow(amount=span.amount, unit=span.unit, basis=span.basis)
