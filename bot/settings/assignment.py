"""Who gets an issue, by the office's own rules in the settings."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from bot.core.messages import Line
from bot.core.park.assignment import AssignmentRule
from bot.settings.faults import Reason, because
from bot.settings.service_levels import Section


class AssignmentRuleRow(Section):
    category: str | None = Field(default=None, min_length=1)
    tag: str | None = Field(default=None, min_length=1)
    word: str | None = Field(default=None, min_length=1)
    enterprise: str | None = Field(default=None, min_length=1)
    person: str | None = Field(default=None, min_length=1)
    department: str | None = Field(default=None, min_length=1)

    def rule(self) -> AssignmentRule:
        """As the core reads it."""
        return AssignmentRule(**self.model_dump())


def find_rule_faults(
    rows: Iterable[AssignmentRuleRow],
) -> Iterator[tuple[str, Line]]:
    """Keys and reasons of rules that can never work, or would take everything."""
    for number, row in enumerate(rows, start=1):
        key = f"assignment_rules#{number}"
        if not row.rule().conditions:
            yield key, because(Reason.NO_CONDITION)
        if (row.person is None) == (row.department is None):
            yield key, because(Reason.ONE_TARGET)
