"""What the doctor says: one line, and how well the thing is."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.messages import Line


class Mark(StrEnum):
    """How well a thing is."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the check-up."""

    mark: Mark
    words: Line


def build_finding(mark: Mark, key: str, **values: object) -> Finding:
    """A finding in the words of a key."""
    return Finding(mark, Line(key, values))
