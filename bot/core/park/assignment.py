"""Who gets an issue: the office's rules, the people in their order, and who stands in for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.reading import fold

Away = Mapping[int, int | None]
"""Who is away, by person; the value is whom they named to stand in, None where nobody."""


@dataclass(frozen=True)
class AssignmentRule:
    """An office's own rule (one row of `[[assignment_rules]]`); what is not given matches all.

    `word` stands in the issue's text, `enterprise` and `tag` are the firm's, `person` and
    `department` say who gets it (one of the two).
    """

    category: str | None = None
    tag: str | None = None
    word: str | None = None
    enterprise: str | None = None
    person: str | None = None
    department: str | None = None

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the rule looks for, as people wrote it."""
        asked = (self.category, self.tag, self.word, self.enterprise)
        return tuple(condition for condition in asked if condition)

    def fits(self, text: str, category: str, tags: Iterable[str], enterprise: str = "") -> bool:
        """Whether an issue of this kind is meant."""
        return (
            self.category in (None, category)
            and (self.tag is None or self.tag in tags)
            and (self.word is None or fold(self.word).lower() in fold(text).lower())
            and self.enterprise in (None, enterprise)
        )


def rule_for(
    text: str,
    category: str,
    tags: Iterable[str],
    rules: Iterable[AssignmentRule],
    enterprise: str = "",
) -> AssignmentRule | None:
    """The first rule that fits an issue, None where the usual order of people holds.

    `category` and `enterprise` are names; "" for none or unknown.
    """
    known = frozenset(tags)
    return next((rule for rule in rules if rule.fits(text, category, known, enterprise)), None)


class Ground(StrEnum):
    """Why somebody is asked, in the order in which people are asked."""

    RULE = "rule"
    LIAISON = "liaison"
    DEPUTY = "deputy"
    GRID = "grid"
    DEPARTMENT = "department"
    DUTY = "duty"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may get an issue."""

    person_id: int
    ground: Ground


@dataclass(frozen=True)
class Chain:
    """From an absent person over those who stand in. `person_id` is None where the chain ends in
    nobody; `passed` are the absent ones on the way; `circular`: they stand in for each other."""

    person_id: int | None
    passed: tuple[int, ...] = ()
    circular: bool = False


def stand_in(person_id: int, away: Away) -> Chain:
    """Who acts for a person: themselves when they are here, else the first of the chain who is."""
    passed: list[int] = []
    at: int | None = person_id
    while at is not None and at in away:
        if at in passed:
            return Chain(None, tuple(passed), circular=True)
        passed.append(at)
        at = away[at]
    return Chain(at, tuple(passed))


@dataclass(frozen=True)
class Choice:
    """Who gets an issue. `person_id` is None for the duty desk; `away` are those who would have
    come first and are absent; `named`: the person was named by an absent one to stand in."""

    person_id: int | None
    ground: Ground
    away: tuple[int, ...] = ()
    circular: bool = False
    named: bool = False


def choose(candidates: Iterable[Candidate], away: Away) -> Choice:
    """The first candidate who is here, or whoever stands in for one; the duty desk at last."""
    absent: dict[int, None] = {}
    circular = False
    for candidate in candidates:
        chain = stand_in(candidate.person_id, away)
        absent |= dict.fromkeys(chain.passed)
        circular = circular or chain.circular
        if chain.person_id is not None:
            named = bool(chain.passed)
            return Choice(chain.person_id, candidate.ground, tuple(absent), circular, named)
    return Choice(None, Ground.DUTY, tuple(absent), circular)
