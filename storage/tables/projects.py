"""The tables of planned projects (倒排工期): their plans, their steps, what was done to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.columns import BIG, Moment, key, link, table_of

_OPEN = text("done_on IS NULL AND dropped_at IS NULL")


class ProjectPlanRow(SQLModel, table=True):
    """The plan of a registered project; `done_on` is set with its last step."""

    __tablename__ = "project_plans"
    __table_args__ = (
        Index("project_plans_open", "target", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    project_id: int = Field(sa_column=link("projects.id", primary=True))
    target: date
    begun: date
    leader_id: int | None = Field(sa_column=link("people.id", optional=True))
    department_id: int | None = Field(sa_column=link("departments.id", optional=True))
    done_on: date | None = None
    dropped_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class StepRow(SQLModel, table=True):
    """One step, in its place."""

    __tablename__ = "project_steps"
    project_id: int = Field(sa_column=link("projects.id", primary=True))
    place: int = Field(primary_key=True)
    name: str = Field(max_length=100)
    days: int
    by: date
    done: date | None = None


class ProjectEventRow(SQLModel, table=True):
    """What was done to a project; only ever added. `before` is the project as it was."""

    __tablename__ = "project_events"
    id: int | None = Field(default=None, sa_column=key())
    project_id: int = Field(sa_column=link("projects.id", index=True))
    act: str = Field(max_length=40)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True, index=True))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    because: str = Field(max_length=255)
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    undoes: int | None = Field(default=None, sa_column=Column(BIG))


plans, steps, project_events = (
    table_of(ProjectPlanRow),
    table_of(StepRow),
    table_of(ProjectEventRow),
)
