"""When the clock must look at an issue next, and what it finds there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from itertools import chain

from bot.core.days.quiet_hours import next_decent
from bot.core.issues.issue import WORKED_ON, Issue, Rung, Status
from bot.core.park.park import Park
from bot.core.park.service_levels import Basis, ServiceLevel, Span, due, fraction_points


class Part(StrEnum):
    """The three parts of a service level, "1+1+2"."""

    ACCEPT = "accept"
    ANSWER = "answer"
    SOLVE = "solve"


class Point(StrEnum):
    """What falls due."""

    REMIND = "remind"
    BREACH = "breach"
    MILESTONE = "milestone"
    PAUSE_OVER = "pause_over"
    RULING = "ruling"
    ASK_AGAIN = "ask_again"
    STRIKE_OFF = "strike_off"


@dataclass(frozen=True)
class Due:
    """One point in an issue's time. `fraction` belongs to a reminder, `rung` to a breach and to a
    ruling that is late: who hears of it now."""

    point: Point
    at: datetime
    part: Part | None = None
    fraction: float = 1.0
    rung: Rung = Rung.LIAISON


def points(issue: Issue, park: Park) -> Iterator[Due]:
    """All points of an issue as it stands, in no order.

    Worked on: reminders and the ladder of each part not yet met. Paused: only the end of the
    pause. Resolved: the question asked once more, then the striking off without an answer;
    confirmed: the striking off without a rating. A dispute waits for its ruling, paused or not.
    Merged into another issue: nothing, until it is settled with it or split off again.
    """
    return chain.from_iterable(_list_sequences(issue, park))


def due_now(issue: Issue, park: Park, now: datetime) -> list[Due]:
    """The points that have come since the clock last spoke of this issue, oldest first."""
    since = issue.swept_at
    found = [point for point in points(issue, park) if point.at <= now]
    return sorted(
        (point for point in found if since is None or point.at > since), key=lambda d: d.at
    )


def next_due(issue: Issue, park: Park) -> datetime | None:
    """The next moment at which something is due; None when nothing will be."""
    since = issue.swept_at
    firsts = (
        next((point.at for point in sequence if since is None or point.at > since), None)
        for sequence in _list_sequences(issue, park)
    )
    return min((at for at in firsts if at is not None), default=None)


def _list_sequences(issue: Issue, park: Park) -> Iterator[Iterator[Due]]:
    """The points in sequences, each in the order of time: of each the first later one is enough."""
    limits = park.limits
    if issue.merged_into is not None and issue.status in WORKED_ON:
        return
    if issue.disputed_at is not None and issue.status in WORKED_ON:
        yield _list_ruling_points(issue, issue.disputed_at, park)
    if issue.paused_at is not None:
        if issue.pause_until:
            yield iter([Due(Point.PAUSE_OVER, issue.pause_until)])
    elif issue.status in WORKED_ON:
        level = ServiceLevel.from_terms(issue.service_level, issue.terms)
        for part, deadline in open_parts(issue):
            yield _list_part_points(issue, park, part, deadline, getattr(level, part))
        yield _milestones(issue, park)
    elif issue.status is Status.RESOLVED and issue.resolved_at:
        asked = Due(Point.ASK_AGAIN, issue.resolved_at + limits.ask_again_after)
        yield iter([asked, Due(Point.STRIKE_OFF, issue.resolved_at + limits.close_after)])
    elif issue.status is Status.CONFIRMED and issue.confirmed_at:
        yield iter([Due(Point.STRIKE_OFF, issue.confirmed_at + limits.close_after)])


def open_parts(issue: Issue) -> Iterator[tuple[Part, datetime]]:
    """The parts not yet met, with their deadlines; none unless somebody owes the enterprise
    something and the clock runs. An agreed plan leaves only the last one."""
    if issue.status not in WORKED_ON or issue.paused_at is not None:
        return
    if issue.merged_into is not None:
        return
    if issue.status is not Status.PLANNED:
        if issue.accepted_at is None:
            yield Part.ACCEPT, issue.accept_due
        if issue.answered_at is None:
            yield Part.ANSWER, issue.answer_due
    yield Part.SOLVE, issue.solve_due


def _list_part_points(
    issue: Issue, park: Park, part: Part, deadline: datetime, span: Span
) -> Iterator[Due]:
    """Reminders, then the ladder; outside quiet hours unless it is urgent.

    Waiting for the enterprise is not held against whoever is late already: after a pause the higher
    rungs wait anew.
    """
    start = issue.clock_from or issue.filed_at
    for fraction in park.reminders:
        at = fraction_points(start, deadline, span.basis, park.hours, (fraction,))[0]
        yield Due(Point.REMIND, _decent(at, issue, park), part, fraction)
    late_from = max(deadline, issue.resumed_at or deadline)
    # What may be no matter at all stays with the duty desk, which hears of each deadline once.
    for step in park.ladder[:1] if issue.is_in_doubt else park.ladder:
        at = due(late_from, _count(step.after, issue), park.hours) if step.after else deadline
        yield Due(Point.BREACH, _decent(at, issue, park), part, rung=step.rung)


def _count(span: Span, issue: Issue) -> Span:
    """What is dangerous climbs by the clock on the wall, evenings and holidays too."""
    return replace(span, basis=Basis.NATURAL) if issue.is_dangerous else span


def _milestones(issue: Issue, park: Park) -> Iterator[Due]:
    """Each step of a plan is called to mind when the office opens on its day."""
    opens: time = park.hours.spans[0][0]
    for step in issue.milestones:
        if not step.done:
            at = datetime.combine(step.day, opens, park.hours.zone)
            yield Due(Point.MILESTONE, at)


def _list_ruling_points(issue: Issue, disputed_at: datetime, park: Park) -> Iterator[Due]:
    """The duty desk hears when its time to rule is over, a leader after as long again."""
    at = disputed_at
    for rung in (Rung.LIAISON, Rung.LEADER):
        at = due(at, park.limits.ruling, park.hours)
        yield Due(Point.RULING, _decent(at, issue, park), rung=rung)


def _decent(at: datetime, issue: Issue, park: Park) -> datetime:
    return at if issue.urgent else next_decent(at, park.quiet)
