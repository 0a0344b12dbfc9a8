"""The ledger (台账): what an issue's row tells beyond the issue itself, read from its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.issues.due import Part
from bot.core.issues.issue import WORKED_ON, Issue, Status
from bot.core.issues.lifecycle import Move


class Met(StrEnum):
    """Whether one of the three deadlines was met."""

    YES = "yes"
    NO = "no"
    OPEN = "open"  # its time has not come, or its clock stands
    NONE = "none"  # never to be kept: withdrawn or planned anew before it fell due


@dataclass(frozen=True)
class Step:
    """One event of an issue's history, as far as the ledger reads it."""

    id: int
    move: Move
    at: datetime
    text: str
    because: str
    undoes: int | None = None


@dataclass(frozen=True)
class Past:
    """An issue's history in short; what was taken back (撤销) does not count.

    `words` are the enterprise's own at filing, `result` what was told when it was resolved last,
    `why` what the enterprise wrote first after its rating.
    """

    words: str = ""
    result: str = ""
    why: str = ""
    passed: int = 0
    returned: int = 0
    extended: int = 0
    paused: int = 0
    reopened: int = 0
    planned_at: datetime | None = None
    merged_at: datetime | None = None


@dataclass(frozen=True)
class Wanted:
    """Which issues are asked for: filed at `since` or later and before `until` (aware), of any of
    these categories (by name, "" for none), enterprises and stages; an empty choice is all."""

    since: datetime | None = None
    until: datetime | None = None
    categories: Collection[str] = ()
    enterprises: Collection[int] = ()
    statuses: Collection[Status] = ()


def past_of(steps: Sequence[Step]) -> Past:
    """What the history says, from its events in order."""
    lasting = list_lasting_steps(steps)
    moves = [step.move for step in lasting]
    result, agreed, merged = (
        _last(lasting, move) for move in (Move.RESOLVE, Move.AGREE, Move.MERGE)
    )
    return Past(
        words=lasting[0].text if lasting else "",
        result=result.text if result else "",
        why=_why(lasting),
        passed=moves.count(Move.PASS_ON),
        returned=moves.count(Move.RETURN),
        extended=moves.count(Move.GRANT),
        paused=moves.count(Move.ASK),
        reopened=moves.count(Move.NOT_SOLVED) + moves.count(Move.REOPEN),
        planned_at=agreed.at if agreed else None,
        merged_at=merged.at if merged else None,
    )


def list_lasting_steps(steps: Sequence[Step]) -> list[Step]:
    """The events that were not taken back. An undo takes back the step it names and what the bot
    did in its wake: all that has the same `because`."""
    because = {step.id: step.because for step in steps}
    undone = {because[step.undoes] for step in steps if step.undoes in because}
    return [step for step in steps if step.move is not Move.UNDO and step.because not in undone]


def check_service_level(issue: Issue, part: Part, past: Past, now: datetime) -> Met:
    """Whether a part was done by its deadline. What is not done has missed it once the deadline
    passed while it was owed."""
    due, done = _find_deadline(issue, part)
    if done is not None:
        return Met.YES if done <= due else Met.NO
    ended = _find_clock_stop(issue, part, past)
    if due < (ended or now):
        return Met.NO
    planned = issue.status is Status.PLANNED and part is not Part.SOLVE
    return Met.OPEN if issue.status in WORKED_ON and not planned else Met.NONE


def _find_deadline(issue: Issue, part: Part) -> tuple[datetime, datetime | None]:
    if part is Part.ACCEPT:
        return issue.accept_due, issue.accepted_at
    if part is Part.ANSWER:
        return issue.answer_due, issue.answered_at
    return issue.solve_due, issue.resolved_at


def _find_clock_stop(issue: Issue, part: Part, past: Past) -> datetime | None:
    """When the clock stopped for what is not done; None while it runs."""
    planned = past.planned_at if issue.status is Status.PLANNED and part is not Part.SOLVE else None
    merged = past.merged_at if issue.merged_into is not None else None
    stops = (issue.closed_at, issue.paused_at, planned, merged)
    return min((at for at in stops if at is not None), default=None)


def _last(steps: Sequence[Step], move: Move) -> Step | None:
    return next((step for step in reversed(steps) if step.move is move), None)


def _why(steps: Sequence[Step]) -> str:
    """What the enterprise wrote first after its last rating: it was asked for the reason."""
    rated = max((at for at, step in enumerate(steps) if step.move is Move.RATE), default=len(steps))
    after = (step for step in steps[rated + 1 :] if step.move is Move.SUPPLEMENT)
    return next((step.text for step in after), "")
