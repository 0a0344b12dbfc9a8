"""What recognising a firm's name can come to."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How well a name was recognised; only SURE may be acted on without asking."""

    SURE = "sure"
    GUESS = "guess"
    SEVERAL = "several"
    NONE = "none"


class Evidence(StrEnum):
    """Why a firm is thought to be meant, the strongest first."""

    ALIAS = "alias"
    """The office registered this very short name for it."""
    NAME = "name"
    """It is the whole registered name."""
    CORE = "core"
    """Equal but for places and legal form."""
    LETTERS = "letters"
    """All characters that were used stand in the name, in this order."""
    SOUND = "sound"
    """The same by sound only."""
    LIKE = "like"
    """Similar."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm that may be meant; `score`, 0 to 1, orders candidates and is no probability."""

    id: int
    name: str
    score: float
    why: Evidence


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What a name was recognised as: candidates, the best first; none with the verdict NONE."""

    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The first candidate, if there is one."""
        return self.candidates[0] if self.candidates else None


NOBODY = NameMatch(Verdict.NONE)
