"""Does one move of one issue: asks the core, writes the issue and its event."""

from dataclasses import replace

from bot.actions.context import Context
from bot.core.issues.due import next_due
from bot.core.issues.issue import Issue
from bot.core.issues.moves import Act, decide
from storage.issues import issues


def record(
    context: Context,
    issue: Issue,
    act: Act,
    *,
    thread_id: int | None = None,
    media_id: int | None = None,
) -> Issue:
    """The issue after the act, written down. Raises Refused when a rule says no."""
    after = decide(issue, act, context.park)
    after = replace(after, next_due_at=next_due(after, context.park))
    before = issues.save(context.db, issue, after)
    issues.record(
        context.db,
        issue.id,
        act.move,
        replace(context.origin, person_id=act.by, thread_id=thread_id),
        text=act.text or (str(act.stars) if act.stars else ""),
        media_id=media_id,
        before=before,
    )
    return after
