"""A reform (改革): recurring trouble, what was done about it and what came of that."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.leaders.recurring import WINDOW
from bot.core.messages import Refused

ANSWER = timedelta(days=7)
"""How long the enterprises have to say whether it is better."""


class Standing(StrEnum):
    """How far a reform has come: 问题清单 → 改革清单 → 成效清单."""

    PROPOSED = "proposed"
    DROPPED = "dropped"
    APPROVED = "approved"
    DONE = "done"
    MEASURED = "measured"


class ReformAct(StrEnum):
    """What is said of a reform in the chat, and what the clock does."""

    PROPOSE = "propose"
    APPROVE = "approve"
    DROP = "drop"
    OWNER = "owner"
    MEASURE = "measure"
    UNMEASURE = "unmeasure"
    DONE = "done"
    UNDONE = "undone"
    ASK = "ask"
    ANSWER = "answer"
    EFFECT = "effect"


class Effect(StrEnum):
    """What an enterprise says of it afterwards, in the order of the digits."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


LIVE = frozenset({Standing.PROPOSED, Standing.APPROVED, Standing.DONE})
"""The same matter is not proposed beside one of these."""


@dataclass(frozen=True)
class Reform:
    """One reform. `mark` is the word or place that its complaints have in common. `before_count`
    complaints of `firms` were filed from `since` until `proposed_at`, half of those with a result
    within `before_days`; the `after` figures count WINDOW from `done_at` on. `result` is what was
    claimed when it was done. Every datetime is aware; the storage keeps UTC."""

    id: int
    number: int
    title: str
    category: str
    mark: str
    standing: Standing
    since: datetime
    proposed_at: datetime
    issues: tuple[int, ...] = ()
    firms: tuple[int, ...] = ()
    before_count: int = 0
    before_days: float | None = None
    owner_id: int | None = None
    measures: tuple[str, ...] = ()
    approved_at: datetime | None = None
    done_at: datetime | None = None
    result: str = ""
    asked_at: datetime | None = None
    measured_at: datetime | None = None
    after_count: int = 0
    after_firms: int = 0
    after_days: float | None = None
    next_due_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """An original enterprise that was asked how it is now; `answer` None is silence."""

    id: int
    reform_id: int
    enterprise_id: int
    thread_id: int
    asked_at: datetime
    answer: Effect | None = None
    answered_at: datetime | None = None
    by_id: int | None = None


@dataclass(frozen=True)
class Tally:
    """What the enterprises said; silence is counted as silence."""

    better: int = 0
    same: int = 0
    worse: int = 0
    silent: int = 0

    @property
    def total(self) -> int:
        """How many were asked."""
        return self.better + self.same + self.worse + self.silent


def approve_reform(reform: Reform, now: datetime) -> Reform:
    """立项: from now on somebody works on it. Raises Refused."""
    _check(reform, Standing.PROPOSED, Standing.DROPPED)
    return replace(reform, standing=Standing.APPROVED, approved_at=now)


def drop_reform(reform: Reform) -> Reform:
    """不用: it stays on record and is not proposed again. Raises Refused."""
    _check(reform, Standing.PROPOSED, Standing.APPROVED)
    return replace(reform, standing=Standing.DROPPED, approved_at=None)


def finish_reform(reform: Reform, result: str, now: datetime) -> Reform:
    """完成: needs a measure; the effect is asked for WINDOW later. Raises Refused."""
    if reform.standing is Standing.DONE:
        raise Refused("reform.done_before", number=reform.number, done_at=reform.done_at)
    _check(reform, Standing.APPROVED)
    if not reform.measures:
        raise Refused("reform.no_measure", number=reform.number)
    changed = replace(reform, standing=Standing.DONE, done_at=now, result=result)
    return replace(changed, next_due_at=next_due(changed))


def reopen_reform(reform: Reform) -> Reform:
    """没完成: unless the enterprises have been asked already. Raises Refused."""
    _check(reform, Standing.DONE)
    if reform.asked_at is not None:
        raise Refused("reform.asked_already", number=reform.number, asked_at=reform.asked_at)
    gone = {"done_at": None, "result": "", "next_due_at": None}
    return replace(reform, standing=Standing.APPROVED, **gone)  # type: ignore[arg-type]


def set_owner(reform: Reform, person_id: int) -> Reform:
    """负责人. Raises Refused."""
    _check(reform, Standing.PROPOSED, Standing.APPROVED)
    return replace(reform, owner_id=person_id)


def add_measure(reform: Reform, words: str) -> Reform:
    """措施: one more thing that is done about it. Raises Refused."""
    _check(reform, Standing.APPROVED)
    if words in reform.measures:
        raise Refused("reform.measure_twice", number=reform.number, text=words)
    return replace(reform, measures=(*reform.measures, words))


def remove_measure(reform: Reform) -> Reform:
    """撤措施: the last measure is taken out. Raises Refused."""
    _check(reform, Standing.APPROVED)
    if not reform.measures:
        raise Refused("reform.no_measure", number=reform.number)
    return replace(reform, measures=reform.measures[:-1])


def mark_asked(reform: Reform, now: datetime) -> Reform:
    """The enterprises have been asked; the clock comes back for their answers."""
    changed = replace(reform, asked_at=now)
    return replace(changed, next_due_at=next_due(changed))


def record_effect(
    reform: Reform, now: datetime, count: int, firms: int, days: float | None
) -> Reform:
    """The effect stands: how often it was complained of in the WINDOW after it was done."""
    figures = {"after_count": count, "after_firms": firms, "after_days": days}
    settled = replace(reform, standing=Standing.MEASURED, measured_at=now, next_due_at=None)
    return replace(settled, **figures)  # type: ignore[arg-type]


def next_due(reform: Reform) -> datetime | None:
    """When the clock must look at a reform next."""
    if reform.standing is not Standing.DONE or reform.done_at is None:
        return None
    return reform.asked_at + ANSWER if reform.asked_at else reform.done_at + WINDOW


def tally(found: Iterable[Asked]) -> Tally:
    """The answers by kind."""
    counts = Counter(inquiry.answer for inquiry in found)
    better, same, worse = (counts[effect] for effect in Effect)
    return Tally(better, same, worse, counts[None])


def _check(reform: Reform, *allowed: Standing) -> None:
    if reform.standing not in allowed:
        raise Refused("reform.standing", number=reform.number, standing=reform.standing)
