"""Remembers the courses of projects: their steps, how they went, and who did what to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from bot.core.projects.plan import Course, Step
from bot.core.register import Project
from storage.bulk import add_all
from storage.tables.people import departments, enterprises, people, projects
from storage.tables.projects import courses, project_events, steps


@dataclass(frozen=True)
class ProjectEvent:
    """One thing done to a course; `before` is what `restored` makes a course of again."""

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


def by_id(db: Connection, project_id: int) -> Course | None:
    """The course of the project with this number, dropped or not, locked until the transaction
    ends; None without one."""
    rows = _rows().where(courses.c.project_id == project_id)
    found = _read(db, rows.with_for_update(of=courses))
    return found[0] if found else None


def list_unfinished(db: Connection) -> list[Course]:
    """Every course that is neither done nor dropped, the nearest target first."""
    where = (courses.c.done_on.is_(None), courses.c.dropped_at.is_(None))
    return _read(db, _rows().where(*where))


def everything(db: Connection) -> list[Course]:
    """Every course, dropped ones too, by its number."""
    return sorted(_read(db, _rows()), key=lambda one: one.project_id)


def find_registered(db: Connection, enterprise_id: int, name: str) -> Project | None:
    """The project of this name at an enterprise, whether it has a course or not; else None."""
    rows = select(projects).where(
        projects.c.enterprise_id == enterprise_id, projects.c.name == name
    )
    row = db.execute(rows).first()
    return Project(**row._mapping) if row else None


def register(db: Connection, enterprise_id: int, name: str) -> int:
    """A new project without a course; its number."""
    (added,) = add_all(db, projects, [Project(0, name, enterprise_id)])
    return added.id


def save(db: Connection, course: Course, now: datetime) -> None:
    """Write a course over what was there, or anew."""
    row = {
        "target": course.target,
        "begun": course.begun,
        "leader_id": course.leader_id,
        "department_id": course.department_id,
        "done_on": course.completion_day,
        "dropped_at": now if course.dropped else None,
    }
    mine = courses.c.project_id == course.project_id
    if db.execute(update(courses).where(mine).values(**row)).rowcount == 0:
        db.execute(insert(courses).values(project_id=course.project_id, **row))
    db.execute(delete(steps).where(steps.c.project_id == course.project_id))
    db.execute(insert(steps), [_step_row(course, n) for n in range(len(course.steps))])


def record(
    db: Connection,
    project_id: int,
    act: str,
    now: datetime,
    *,
    because: str,
    person_id: int | None = None,
    thread_id: int | None = None,
    text: str = "",
    before: Course | None = None,
    undoes: int | None = None,
) -> None:
    """Add one event to the history; `before` is the course that the act changed."""
    db.execute(
        insert(project_events).values(
            project_id=project_id,
            act=act,
            at=now,
            because=because,
            person_id=person_id,
            thread_id=thread_id,
            text=text,
            before=_plain(before) if before else None,
            undoes=undoes,
        )
    )


def last_event(db: Connection, project_id: int) -> ProjectEvent | None:
    """The last thing done to a course, or None."""
    return _event(db, project_events.c.project_id == project_id)


def last_event_of(db: Connection, thread_id: int) -> ProjectEvent | None:
    """The last thing done from a thread, to whatever course."""
    return _event(db, project_events.c.thread_id == thread_id)


def history(db: Connection, project_id: int) -> list[ProjectEvent]:
    """Everything that was done to a course, oldest first."""
    rows = select(project_events).where(project_events.c.project_id == project_id)
    found = db.execute(rows.order_by(project_events.c.id))
    return [ProjectEvent(**row._mapping) for row in found]


def restore_fields(event: ProjectEvent) -> dict[str, Any]:
    """The fields of the course before an event, as values of the core again."""
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
            courses,
            projects.c.name,
            projects.c.enterprise_id,
            enterprises.c.name.label("firm"),
            enterprises.c.aliases,
            people.c.name.label("leader"),
            departments.c.name.label("department"),
        )
        .join_from(courses, projects, projects.c.id == courses.c.project_id)
        .join(enterprises, enterprises.c.id == projects.c.enterprise_id)
        .join(people, people.c.id == courses.c.leader_id, isouter=True)
        .join(departments, departments.c.id == courses.c.department_id, isouter=True)
        .order_by(courses.c.target, courses.c.project_id)
    )


def _read(db: Connection, rows: Select[Any]) -> list[Course]:
    found = list(db.execute(rows))
    of_each = _steps_of(db, [row.project_id for row in found])
    return [_course(row, of_each[row.project_id]) for row in found]


def _steps_of(db: Connection, ids: Collection[int]) -> dict[int, list[Step]]:
    of_each: dict[int, list[Step]] = {project_id: [] for project_id in ids}
    few = steps.c.project_id.in_(ids) if len(ids) < _FEW else steps.c.project_id > 0
    for row in db.execute(select(steps).where(few).order_by(steps.c.project_id, steps.c.place)):
        if row.project_id in of_each:
            of_each[row.project_id].append(Step(row.name, row.days, row.by, row.done))
    return of_each


_FEW = 900
"""Numbers that one statement may name; both databases limit its parameters."""


def _course(row: Row[Any], of_it: list[Step]) -> Course:
    values = dict(row._mapping)
    dropped = values.pop("dropped_at") is not None
    values.pop("done_on")
    return Course(**values, steps=tuple(of_it), dropped=dropped)


def _step_row(course: Course, place: int) -> dict[str, Any]:
    step = course.steps[place]
    own = {"name": step.name, "days": step.days, "by": step.by, "done": step.done}
    return {"project_id": course.project_id, "place": place, **own}


def _plain(course: Course) -> dict[str, Any]:
    return {
        "target": course.target.isoformat(),
        "begun": course.begun.isoformat(),
        "leader_id": course.leader_id,
        "department_id": course.department_id,
        "dropped": course.dropped,
        "steps": [
            {
                "name": step.name,
                "days": step.days,
                "by": step.by.isoformat(),
                "done": step.done.isoformat() if step.done else None,
            }
            for step in course.steps
        ],
    }


def _step(name: str, days: int, by: str, done: str | None) -> Step:
    return Step(name, days, date.fromisoformat(by), date.fromisoformat(done) if done else None)


def _event(db: Connection, where: Any) -> ProjectEvent | None:
    rows = select(project_events).where(where).order_by(project_events.c.id.desc()).limit(1)
    row = db.execute(rows).first()
    return ProjectEvent(**row._mapping) if row else None
