"""When the clock must look at an issue next, and what it finds there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.house import House
from bot.core.issues import WORKED_ON, Issue, Status


class Point(StrEnum):
    """What falls due."""

    ACCEPT = "accept"
    ANSWER = "answer"
    SOLVE = "solve"
    ASK_AGAIN = "ask_again"
    STRIKE_OFF = "strike_off"


@dataclass(frozen=True)
class Due:
    """One point in an issue's time."""

    point: Point
    at: datetime


def points(issue: Issue, house: House) -> Iterator[Due]:
    """All points of an issue as it stands; nothing while it is paused.

    Worked on: the promises not yet kept. Resolved: the question asked once more, then the striking
    off without an answer; confirmed: the striking off without a rating.
    """
    if issue.paused_at is not None:
        return
    if issue.status in WORKED_ON:
        yield from _promises(issue)
    elif issue.status is Status.RESOLVED and issue.resolved_at:
        yield Due(Point.ASK_AGAIN, issue.resolved_at + house.limits.ask_again_after)
        yield Due(Point.STRIKE_OFF, issue.resolved_at + house.limits.close_after)
    elif issue.status is Status.CONFIRMED and issue.confirmed_at:
        yield Due(Point.STRIKE_OFF, issue.confirmed_at + house.limits.close_after)


def due_now(issue: Issue, house: House, now: datetime) -> list[Due]:
    """The points that have come since the clock last spoke of this issue, oldest first."""
    since = issue.swept_at
    found = [one for one in points(issue, house) if one.at <= now]
    return sorted((one for one in found if since is None or one.at > since), key=lambda d: d.at)


def next_due(issue: Issue, house: House) -> datetime | None:
    """The next moment at which something is due; None when nothing will be."""
    since = issue.swept_at
    coming = (one.at for one in points(issue, house))
    return min((at for at in coming if since is None or at > since), default=None)


def _promises(issue: Issue) -> Iterator[Due]:
    if issue.accepted_at is None:
        yield Due(Point.ACCEPT, issue.accept_due)
    if issue.answered_at is None:
        yield Due(Point.ANSWER, issue.answer_due)
    yield Due(Point.SOLVE, issue.solve_due)
