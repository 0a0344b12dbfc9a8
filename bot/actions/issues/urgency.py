"""Makes an issue urgent or dangerous when later words say so: deadlines come sooner only."""

from dataclasses import replace

from bot.actions.context import Context
from bot.core.issues.due import next_due
from bot.core.issues.issue import CONSULT, DANGER, WORKED_ON, Issue
from bot.core.issues.lifecycle import Move
from bot.core.park.service_levels import Deadlines, ServiceLevel, deadlines
from storage.issues import issues
from storage.people import people


def raise_urgency(context: Context, issue: Issue, *, danger: bool = False) -> Issue:
    """The issue as urgent, or as dangerous to people, written down.

    Its deadlines are computed from now on by the service level of what it has become; each that
    would be later than before stays. What is merged with another (并案) makes that one urgent too.
    """
    if issue.merged_into is not None:
        raise_urgency(context, issues.get(context.db, issue.merged_into), danger=danger)
    if issue.status not in WORKED_ON or (issue.urgent and not (danger and not issue.is_dangerous)):
        return issue
    level = _choose_level(context, issue, danger=danger)
    due = deadlines(context.now, level, context.park.hours)
    after = replace(_bring_forward(issue, due, level), urgent=True, swept_at=context.now)
    after = replace(after, next_due_at=next_due(after, context.park))
    before = issues.save(context.db, issue, after)
    nobody = replace(context.origin, person_id=None, thread_id=None)
    issues.record(context.db, issue.id, Move.HASTEN, nobody, text=level.id, before=before)
    return after


def is_sooner(before: Issue, after: Issue) -> bool:
    """Whether a deadline has been brought forward."""
    pairs = (
        (before.accept_due, after.accept_due),
        (before.answer_due, after.answer_due),
        (before.solve_due, after.solve_due),
    )
    return any(new < old for old, new in pairs)


def _choose_level(context: Context, issue: Issue, *, danger: bool) -> ServiceLevel:
    park = context.park
    if danger:
        return park.find_service_level(DANGER)
    firm = people.enterprise(context.db, issue.enterprise_id)
    tags = frozenset(firm.tags if firm else ())
    usual = "default" if issue.service_level == CONSULT else issue.service_level
    return park.choose_service_level(issue.category, tags, urgent=True, usual=usual)


def _bring_forward(issue: Issue, due: Deadlines, level: ServiceLevel) -> Issue:
    """Each deadline the earlier of both, with the span that it was reckoned by."""
    old = ServiceLevel.from_terms(issue.service_level, issue.terms)
    parts = ("accept", "answer", "solve")
    sooner = {part for part in parts if getattr(due, part) < getattr(issue, f"{part}_due")}
    if not sooner and level.id != DANGER:
        return issue
    spans = [getattr(level if part in sooner else old, part) for part in parts]
    moments = {f"{part}_due": getattr(due, part) for part in sooner}
    terms = ServiceLevel(level.id, *spans).terms
    return replace(issue, service_level=level.id, terms=terms, **moments)
