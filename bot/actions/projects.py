"""What cards say of projects: their light and why, their steps, days with their year if need be."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.actions.context import Context
from bot.core.messages import Line
from bot.core.park.park import Park
from bot.core.projects.plan import Judgement, Light, LightCause, Project, Step, judge_project
from storage import projects

NEXT_YEAR = 300
"""Days from which on a day is printed with its year."""


class Here(Protocol):
    """Who looks: at which moment, by which park's rules."""

    @property
    def park(self) -> Park:
        """The park's rules."""
        ...

    @property
    def now(self) -> datetime:
        """The moment, aware."""
        ...


def today(here: Here) -> date:
    """The day on the park's calendar."""
    return here.park.local(here.now).date()


def judgement(here: Here, project: Project) -> Judgement:
    """How a project stands today."""
    return judge_project(project, today(here), here.park.projects, here.park.hours.calendar)


def why(here: Here, found: Judgement) -> Line:
    """Why a project has its light, in a few words."""
    step = found.step
    if step and found.cause is LightCause.SOON and not found.days:
        return Line("project.due_today", {"step": step.name})
    return Line(
        f"project.cause_{found.cause}",
        {
            "step": step.name if step else "",
            "by": on(here, step.by) if step else None,
            "days": found.days,
            "ends": on(here, found.ends) if found.ends else None,
        },
    )


def project_facts(here: Here, project: Project) -> dict[str, object]:
    """What any card may print of a project."""
    found = judgement(here, project)
    return {
        "number": project.project_id,
        "name": project.name,
        "firm": project.firm,
        "light": found.light,
        "why": why(here, found),
        "target": on(here, project.target),
        "leader": project.leader or Line("project.nobody"),
        "department": project.department or Line("project.nobody"),
    }


def summary(here: Here, project: Project) -> Line:
    """One project in one line."""
    return Line("project.line", project_facts(here, project))


def step_line(here: Here, step: Step) -> Line:
    """One step in one line."""
    told = {"step": step.name, "days": step.days, "by": on(here, step.by)}
    if step.done is None:
        return Line("project.step_open", told)
    return Line("project.step_done", {**told, "done": on(here, step.done)})


def on(here: Here, day: date) -> date | Line:
    """A day as cards print it: with its year when it is far from today."""
    if abs((day - today(here)).days) < NEXT_YEAR:
        return day
    return Line("project.far_day", {"year": day.year, "month": day.month, "day": day.day})


def exceptions(here: Here, unfinished: Sequence[Project]) -> list[tuple[Project, Judgement]]:
    """The red and yellow ones, the worst first: what a Monday morning is about."""
    found = [(project, judgement(here, project)) for project in unfinished]
    odd = [pair for pair in found if pair[1].light in (Light.RED, Light.YELLOW)]
    return sorted(odd, key=lambda one: (one[1].light.place, -one[1].days, one[0].project_id))


def rows(context: Context) -> list[tuple[str | int | date | None, ...]]:
    """A row for each step of each project, for a workbook: the project, its light and why, the
    step, its working days, by when it must be done, and when it was."""
    found: list[tuple[str | int | date | None, ...]] = []
    for project in projects.everything(context.db):
        light, reason = _render_light(context, project)
        whose = (project.project_id, project.name, project.firm, project.leader, project.department)
        head = (*whose, project.target, light, reason)
        steps = enumerate(project.steps, 1)
        found += [(*head, at, step.name, step.days, step.by, step.done) for at, step in steps]
    return found


def _render_light(context: Context, project: Project) -> tuple[str, str]:
    if project.dropped:
        return context.texts.render("project.dropped"), ""
    found = judgement(context, project)
    return context.texts.format_value(found.light), context.texts.format_value(why(context, found))
