"""Shows how far the newest issue has come, as the line of steps above the phones."""

from typing import Any

from sqlalchemy import Connection

from bot.texts import Texts
from storage.delivery import timeline
from storage.delivery.timeline import Progress


def stage(db: Connection, texts: Texts) -> dict[str, Any]:
    """The newest issue's number and its steps, done or not; no number before the first issue."""
    issue = timeline.latest(db)
    words = texts.words["phones.stages"].split()
    done = _check_steps(issue) if issue else (False,) * len(words)
    steps = [{"word": word, "done": is_done} for word, is_done in zip(words, done, strict=True)]
    return {"issue": issue.number if issue else "", "steps": steps}


def _check_steps(issue: Progress) -> tuple[bool, ...]:
    moments = (
        issue.filed_at,
        issue.accepted_at,
        issue.answered_at,
        issue.resolved_at,
        issue.confirmed_at,
        issue.rated_at,
        issue.closed_at,
    )
    return tuple(moment is not None for moment in moments)
