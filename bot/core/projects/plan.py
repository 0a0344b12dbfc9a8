"""A project (项目), planned backward from its last day (倒排工期): is each step in time?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.core.days.working_calendar import ONE_DAY, Calendar
from bot.core.messages import Refused
from bot.core.reading import fold


class Light(StrEnum):
    """How a project stands, the worst first."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    DONE = "done"

    @property
    def place(self) -> int:
        """0 for red, counting up."""
        return list(Light).index(self)


class LightCause(StrEnum):
    """Why a project has its light."""

    PAST_TARGET = "past_target"
    LATE = "late"
    SLIPS = "slips"
    SOON = "soon"
    ON_TIME = "on_time"
    ALL_DONE = "all_done"


@dataclass(frozen=True)
class ProjectRules:
    """Working days: a step is called to mind so many before its day; what is later than `red` is
    red, what is later at all yellow."""

    soon: int = 3
    red: int = 5


@dataclass(frozen=True)
class Step:
    """One step: how many working days it takes, by the end of which day it must be done, and when
    it was."""

    name: str
    days: int
    by: date
    done: date | None = None


@dataclass(frozen=True)
class Project:
    """A project with its steps in order, planned backward from `target`, its last day.

    `begun` is when the plan was made, `firm`, `leader` and `department` are names of now, for
    cards; days are days of the park's calendar.
    """

    project_id: int
    name: str
    enterprise_id: int
    target: date
    begun: date
    steps: tuple[Step, ...]
    leader_id: int | None = None
    department_id: int | None = None
    dropped: bool = False
    firm: str = ""
    aliases: tuple[str, ...] = ()
    leader: str | None = None
    department: str | None = None

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """What is not done yet, in order."""
        return tuple(step for step in self.steps if step.done is None)

    @property
    def completion_day(self) -> date | None:
        """The day on which the last step was done; None while any is open."""
        days = [step.done for step in self.steps if step.done is not None]
        return max(days) if len(days) == len(self.steps) else None


@dataclass(frozen=True)
class Judgement:
    """A project's light and why: the step it is about, and how many working days."""

    light: Light
    cause: LightCause
    step: Step | None = None
    days: int = 0
    ends: date | None = None


def plan_steps(wanted: Sequence[tuple[str, int]], target: date, calendar: Calendar) -> list[Step]:
    """The steps, the last ending on `target` (or the last working day before it), each other one
    as many working days before the next as the next takes. Raises Refused for a name twice."""
    names = [name for name, _ in wanted]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refused("project.step_twice", step=twice)
    by = calendar.last_working_day(target)
    steps: list[Step] = []
    for name, days in reversed(wanted):
        steps.append(Step(name, days, by))
        by = calendar.before(by, days)
    return steps[::-1]


def begins(steps: Sequence[Step], calendar: Calendar) -> date:
    """The first working day of the first step, if all are to be done in time."""
    return calendar.before(steps[0].by, steps[0].days - 1)


def share_days(days: int, among: int) -> list[int]:
    """Working days shared out evenly, at least one each; the earlier steps get what is over."""
    whole, over = divmod(max(days, among), among)
    return [whole + (place < over) for place in range(among)]


def judge_project(
    project: Project, today: date, rules: ProjectRules, calendar: Calendar
) -> Judgement:
    """Red, yellow or green, by the first of these that holds.

    All steps done: done. The target has passed: red. The latest open step is late by more than
    `red` working days: red; by fewer: yellow. From the last step done on, the open ones take longer
    than there is: red or yellow by the same measure. The next step is due within `soon` days:
    yellow. Otherwise green.
    """
    if not project.open_steps:
        return Judgement(
            Light.DONE, LightCause.ALL_DONE, project.steps[-1], ends=project.completion_day
        )
    first = project.open_steps[0]
    if today > project.target:
        over = calendar.count_working_days(project.target, today)
        return Judgement(Light.RED, LightCause.PAST_TARGET, first, over, project.target)
    found = [*_late(first, today, rules, calendar), *_slips(project, today, rules, calendar)]
    left = calendar.count_working_days(today, first.by)
    soon = Light.YELLOW if left <= rules.soon else Light.GREEN
    cause = LightCause.SOON if soon is Light.YELLOW else LightCause.ON_TIME
    found.append(Judgement(soon, cause, first, left))
    return min(found, key=lambda one: one.light.place)


def _late(step: Step, today: date, rules: ProjectRules, calendar: Calendar) -> Iterable[Judgement]:
    """The first open step has the earliest day, so it is the latest."""
    days = calendar.count_working_days(step.by, today)
    if days:
        yield Judgement(_pick_light(days, rules), LightCause.LATE, step, days)


def _slips(
    project: Project, today: date, rules: ProjectRules, calendar: Calendar
) -> Iterable[Judgement]:
    """What is left, counted from the last step done, ends after the target."""
    # The first step may begin on the very day of the plan, each other one after the one before.
    since = max(
        [project.begun - ONE_DAY, *(step.done for step in project.steps if step.done is not None)]
    )
    needed = sum(step.days for step in project.open_steps)
    ends = max(calendar.after(since, needed), today)
    days = calendar.count_working_days(project.target, ends)
    if days:
        yield Judgement(_pick_light(days, rules), LightCause.SLIPS, project.steps[-1], days, ends)


def _pick_light(days: int, rules: ProjectRules) -> Light:
    return Light.RED if days > rules.red else Light.YELLOW


def find_step(project: Project, words: str) -> Step:
    """The step that the words name: exactly, or as the only one they are part of. Raises
    Refused."""
    said, named = fold(words), {step.name: fold(step.name) for step in project.steps}
    exact = [step for step in project.steps if named[step.name] == said]
    near = [
        step
        for step in project.steps
        if said and (said in named[step.name] or named[step.name] in said)
    ]
    found = exact or near
    if len(found) != 1:
        raise Refused("project.no_step", step=words, steps=_names(project.steps))
    return found[0]


def finish_step(project: Project, step: Step, day: date, today: date) -> Project:
    """The project with this step done on that day. Raises Refused: it is done already, an earlier
    one is not, the day is still to come or before the step could begin."""
    if step.done is not None:
        raise Refused("project.done_already", step=step.name, day=step.done)
    if day > today:
        raise Refused("project.future", step=step.name, day=day)
    place = project.steps.index(step)
    if earlier := next((other for other in project.steps[:place] if other.done is None), None):
        raise Refused("project.order", step=step.name, earlier=earlier.name)
    before = project.steps[place - 1].done if place else None
    if before is not None and day < before:
        raise Refused(
            "project.before_earlier",
            step=step.name,
            day=day,
            earlier=project.steps[place - 1].name,
            before=before,
        )
    return _with(project, replace(step, done=day))


def reopen_step(project: Project, step: Step) -> Project:
    """The project with this step open again. Raises Refused: it is open, or a later one is done."""
    if step.done is None:
        raise Refused("project.not_done", step=step.name)
    later = project.steps[project.steps.index(step) + 1 :]
    if following := next((other for other in later if other.done is not None), None):
        raise Refused("project.later_done", step=step.name, later=following.name)
    return _with(project, replace(step, done=None))


def retarget_project(project: Project, target: date, today: date, calendar: Calendar) -> Project:
    """The project with another last day; steps that are done keep their days. Raises Refused."""
    if target <= today:
        raise Refused("project.past", day=target)
    fresh = plan_steps([(step.name, step.days) for step in project.steps], target, calendar)
    steps = [old if old.done else new for old, new in zip(project.steps, fresh, strict=True)]
    return replace(project, target=target, steps=tuple(steps))


def is_first_working_day_of_week(day: date, calendar: Calendar) -> bool:
    """Monday, or what stands for it in a week whose Monday is off."""
    monday = day - timedelta(days=day.weekday())
    earlier = (monday + ONE_DAY * n for n in range(day.weekday()))
    return calendar.is_working_day(day) and not any(map(calendar.is_working_day, earlier))


def _with(project: Project, changed: Step) -> Project:
    steps = tuple(changed if step.name == changed.name else step for step in project.steps)
    return replace(project, steps=steps)


def _names(steps: Iterable[Step]) -> str:
    return " ".join(step.name for step in steps)
