"""Plans the projects that a workbook names, and keeps what was done of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.core.days.working_calendar import Calendar
from bot.core.projects.plan import Project, Step, begins, plan_steps
from bot.core.register import RegisteredProject
from bot.registry.sorter import Planned
from storage import projects

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""A project that was dropped is not written here, so that no moment of dropping is needed."""


def plan(
    db: Connection, project: RegisteredProject, wanted: Planned | None, calendar: Calendar
) -> bool:
    """Plan a project as its row says; whether that is other than before. What was
    dropped in chat stays dropped."""
    if wanted is None:
        return False
    before = projects.by_id(db, project.id)
    if before is not None and before.dropped:
        return False
    fresh = plan_steps(wanted.steps, wanted.target, calendar)
    known = before or Project(
        project.id, project.name, project.enterprise_id, wanted.target, begins(fresh, calendar), ()
    )
    after = replace(
        known,
        target=wanted.target,
        steps=tuple(_still_done(fresh, known.steps)),
        leader_id=wanted.leader_id or known.leader_id,
        department_id=wanted.department_id or known.department_id,
    )
    if after == before:
        return False
    projects.save(db, after, _NEVER)
    return True


def _still_done(fresh: Sequence[Step], before: Sequence[Step]) -> Iterator[Step]:
    """Steps of the same names stay as they were done, up to the first that was not."""
    days = {step.name: step.done for step in before}
    so_far = True
    for step in fresh:
        done = days.get(step.name)
        so_far = so_far and done is not None
        yield replace(step, done=done if so_far else None)
