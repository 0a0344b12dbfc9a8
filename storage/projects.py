"""Remembers planned projects (项目): their steps, how they went, and who did what to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, insert, select, update

from bot.core.origin import Origin
from bot.core.projects.plan import Project, Step
from bot.core.register import RegisteredProject
from storage.bulk import add_all
from storage.tables.people import departments, enterprises, people, projects
from storage.tables.projects import plans, project_events, steps


@dataclass(frozen=True)
class ProjectEvent:
    """One thing done to a project; `before` is what `restore_fields` makes a project of again."""

    id: int
    project_id: int
    act: str
    at: datetime
    person_id: int | None
    thread_id: int | None
    text: str
    because: str
    before: dict[str, Any] | None
    undoes: int | None


def by_id(db: Connection, project_id: int) -> Project | None:
    """The project with this number, dropped or not, locked until the transaction ends; None for
    one that is registered but not planned."""
    rows = _rows().where(plans.c.project_id == project_id)
    found = _read(db, rows.with_for_update(of=plans))
    return found[0] if found else None


def list_unfinished(db: Connection) -> list[Project]:
    """Every planned project that is neither done nor dropped, the nearest target first."""
    where = (plans.c.done_on.is_(None), plans.c.dropped_at.is_(None))
    return _read(db, _rows().where(*where))


def everything(db: Connection) -> list[Project]:
    """Every planned project, dropped ones too, by its number."""
    return sorted(_read(db, _rows()), key=lambda one: one.project_id)


def find_registered(db: Connection, enterprise_id: int, name: str) -> RegisteredProject | None:
    """The project of this name at an enterprise, planned or not; else None."""
    rows = select(projects).where(
        projects.c.enterprise_id == enterprise_id, projects.c.name == name
    )
    row = db.execute(rows).first()
    return RegisteredProject(**row._mapping) if row else None


def register(db: Connection, enterprise_id: int, name: str) -> int:
    """A new project that is not planned yet; its number."""
    (added,) = add_all(db, projects, [RegisteredProject(0, name, enterprise_id)])
    return added.id


def save(db: Connection, project: Project, now: datetime) -> None:
    """Write a project over what was there, or anew."""
    row = {
        "target": project.target,
        "begun": project.begun,
        "leader_id": project.leader_id,
        "department_id": project.department_id,
        "done_on": project.completion_day,
        "dropped_at": now if project.dropped else None,
    }
    mine = plans.c.project_id == project.project_id
    if db.execute(update(plans).where(mine).values(**row)).rowcount == 0:
        db.execute(insert(plans).values(project_id=project.project_id, **row))
    db.execute(delete(steps).where(steps.c.project_id == project.project_id))
    db.execute(insert(steps), [_step_row(project, n) for n in range(len(project.steps))])


def record(
    db: Connection,
    project_id: int,
    act: str,
    origin: Origin,
    *,
    text: str = "",
    before: Project | None = None,
    undoes: int | None = None,
) -> None:
    """Add one event to the history; `before` is the project that the act changed."""
    db.execute(
        insert(project_events).values(
            project_id=project_id,
            act=act,
            **vars(origin),
            text=text,
            before=_plain(before) if before else None,
            undoes=undoes,
        )
    )


def last_event(db: Connection, project_id: int) -> ProjectEvent | None:
    """The last thing done to a project, or None."""
    return _event(db, project_events.c.project_id == project_id)


def last_standing(db: Connection, project_id: int) -> ProjectEvent | None:
    """The last thing done to a project that was not taken back, or None."""
    return _event(db, (project_events.c.project_id == project_id) & _stands())


def last_standing_of(db: Connection, thread_id: int) -> ProjectEvent | None:
    """The same of what was done from a thread, to whichever project."""
    return _event(db, (project_events.c.thread_id == thread_id) & _stands())


def _stands() -> ColumnElement[bool]:
    undoing = project_events.alias("undoing")
    undone = select(undoing.c.id).where(undoing.c.undoes == project_events.c.id).exists()
    return project_events.c.undoes.is_(None) & ~undone


def restore_fields(event: ProjectEvent) -> dict[str, Any]:
    """The fields of the project before an event, as values of the core again."""
    before = event.before or {}
    return {
        **before,
        "target": date.fromisoformat(before["target"]),
        "begun": date.fromisoformat(before["begun"]),
        "steps": tuple(_step(**step) for step in before["steps"]),
    }


def _rows() -> Select[Any]:
    return (
        select(
            plans,
            projects.c.name,
            projects.c.enterprise_id,
            enterprises.c.name.label("firm"),
            enterprises.c.aliases,
            people.c.name.label("leader"),
            departments.c.name.label("department"),
        )
        .join_from(plans, projects, projects.c.id == plans.c.project_id)
        .join(enterprises, enterprises.c.id == projects.c.enterprise_id)
        .join(people, people.c.id == plans.c.leader_id, isouter=True)
        .join(departments, departments.c.id == plans.c.department_id, isouter=True)
        .order_by(plans.c.target, plans.c.project_id)
    )


def _read(db: Connection, rows: Select[Any]) -> list[Project]:
    found = list(db.execute(rows))
    of_each = _steps_of(db, [row.project_id for row in found])
    return [_project(row, of_each[row.project_id]) for row in found]


def _steps_of(db: Connection, ids: Collection[int]) -> dict[int, list[Step]]:
    of_each: dict[int, list[Step]] = {project_id: [] for project_id in ids}
    few = steps.c.project_id.in_(ids) if len(ids) < _FEW else steps.c.project_id > 0
    for row in db.execute(select(steps).where(few).order_by(steps.c.project_id, steps.c.place)):
        if row.project_id in of_each:
            of_each[row.project_id].append(Step(row.name, row.days, row.by, row.done))
    return of_each


_FEW = 900
"""Numbers that one statement may name; both databases limit its parameters."""


def _project(row: Row[Any], of_it: list[Step]) -> Project:
    values = dict(row._mapping)
    dropped = values.pop("dropped_at") is not None
    values.pop("done_on")
    return Project(**values, steps=tuple(of_it), dropped=dropped)


def _step_row(project: Project, place: int) -> dict[str, Any]:
    step = project.steps[place]
    own = {"name": step.name, "days": step.days, "by": step.by, "done": step.done}
    return {"project_id": project.project_id, "place": place, **own}


def _plain(project: Project) -> dict[str, Any]:
    return {
        "target": project.target.isoformat(),
        "begun": project.begun.isoformat(),
        "leader_id": project.leader_id,
        "department_id": project.department_id,
        "dropped": project.dropped,
        "steps": [
            {
                "name": step.name,
                "days": step.days,
                "by": step.by.isoformat(),
                "done": step.done.isoformat() if step.done else None,
            }
            for step in project.steps
        ],
    }


def _step(name: str, days: int, by: str, done: str | None) -> Step:
    return Step(name, days, date.fromisoformat(by), date.fromisoformat(done) if done else None)


def _event(db: Connection, where: Any) -> ProjectEvent | None:
    rows = select(project_events).where(where).order_by(project_events.c.id.desc()).limit(1)
    row = db.execute(rows).first()
    return ProjectEvent(**row._mapping) if row else None
