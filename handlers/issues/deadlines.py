"""`时限 003`: why a deadline is when it is, line by line."""

from bot.core.issues.explanation import Step, explain
from bot.core.messages import Line
from bot.core.park.service_levels import ServiceLevel, Span
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import the_issue
from handlers.dispatch.turn import Reply, Turn


def deadline(turn: Turn, command: Command) -> Reply:
    """The service level that was given, the counting of its last part, and what moved it since."""
    issue = the_issue(turn, command)
    level = ServiceLevel.from_terms(issue.service_level, issue.terms)
    steps = explain(issue.filed_at, level.solve, turn.park.hours)
    moved = Line("deadline.moved", {"due": issue.solve_due})
    told = {
        "number": issue.number,
        "accept": _span(level.accept),
        "answer": _span(level.answer),
        "solve": _span(level.solve),
        "lines": tuple(_line(step) for step in steps),
        "moved": moved if issue.solve_due != steps[-1].first else None,
    }
    return Reply((turn.me("deadline.why", told, issue_id=issue.id),), issue.id)


def _span(span: Span) -> Line:
    return Line(f"span.{span.unit}_{span.basis}", {"amount": span.amount})


def _line(step: Step) -> Line:
    told = {
        "first": step.first,
        "last": step.last,
        "days": step.days,
        "minutes": int(step.amount.total_seconds() // 60),
        "estimate": Line("deadline.estimate") if step.estimate else None,
    }
    several = "_several" if step.first.date() != step.last.date() else ""
    known = "weekend", "holiday", "counted_time"
    return Line(f"deadline.{step.kind}{several if step.kind in known else ''}", told)
