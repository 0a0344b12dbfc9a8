"""The tables of the registry: who is in the park and who answers for whom."""

from datetime import date, datetime

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from bot.core.people import Residence, Role
from storage.columns import BIG, Moment, Word, Words, key, link, table_of


class DepartmentRow(SQLModel, table=True):
    """A department of the park."""

    __tablename__ = "departments"
    id: int | None = Field(default=None, sa_column=key())
    name: str = Field(unique=True, max_length=100)
    phone: str = Field(default="", max_length=32)


class TaskForceRow(SQLModel, table=True):
    """People who stand together behind projects."""

    __tablename__ = "task_forces"
    id: int | None = Field(default=None, sa_column=key())
    name: str = Field(unique=True, max_length=100)


class GridRow(SQLModel, table=True):
    """A part of the park."""

    __tablename__ = "grids"
    id: int | None = Field(default=None, sa_column=key())
    name: str = Field(unique=True, max_length=100)
    # No foreign key here: people point at enterprises, and those at grids.
    liaison_id: int | None = Field(default=None, sa_column=Column(BIG))


class PersonRow(SQLModel, table=True):
    """Somebody the bot knows by name."""

    __tablename__ = "people"
    id: int | None = Field(default=None, sa_column=key())
    name: str = Field(max_length=100)
    role: Role = Field(sa_column=Column(Word(Role), nullable=False, index=True))
    phone: str = Field(default="", max_length=32)
    enterprise_id: int | None = Field(sa_column=link("enterprises.id", optional=True, index=True))
    department_id: int | None = Field(sa_column=link("departments.id", optional=True))
    task_force_id: int | None = Field(sa_column=link("task_forces.id", optional=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    # No foreign key to the same table: rows come in files, in any order.
    successor_id: int | None = Field(default=None, sa_column=Column(BIG))


class EnterpriseRow(SQLModel, table=True):
    """A firm of the park and who answers for it."""

    __tablename__ = "enterprises"
    id: int | None = Field(default=None, sa_column=key())
    name: str = Field(unique=True, max_length=200)
    code: str | None = Field(default=None, unique=True, max_length=18)
    aliases: tuple[str, ...] = Field(
        default=(), sa_column=Column(Words, nullable=False, default=())
    )
    tags: tuple[str, ...] = Field(default=(), sa_column=Column(Words, nullable=False, default=()))
    park: str = Field(default="", max_length=100)
    address: str = Field(default="", max_length=300)
    residence: Residence = Field(
        default=Residence.HERE,
        sa_column=Column(
            Word(Residence),
            nullable=False,
            default=Residence.HERE,
            server_default=Residence.HERE.value,
        ),
    )
    grid_id: int | None = Field(sa_column=link("grids.id", optional=True))
    department_id: int | None = Field(sa_column=link("departments.id", optional=True))
    # People point at enterprises too: no foreign key here, the storage keeps the pair consistent.
    liaison_id: int | None = Field(default=None, sa_column=Column(BIG, index=True))
    deputy_id: int | None = Field(default=None, sa_column=Column(BIG))
    leader_id: int | None = Field(default=None, sa_column=Column(BIG))


class RegisteredProjectRow(SQLModel, table=True):
    """Something an enterprise builds, planned (`project_plans`) or not."""

    __tablename__ = "projects"
    __table_args__ = (Index("projects_name", "enterprise_id", "name", unique=True),)
    id: int | None = Field(default=None, sa_column=key())
    name: str = Field(max_length=200)
    enterprise_id: int = Field(sa_column=link("enterprises.id"))
    task_force_id: int | None = Field(sa_column=link("task_forces.id", optional=True))


class CategoryRow(SQLModel, table=True):
    """What the office wrote for a category."""

    __tablename__ = "categories"
    id: int | None = Field(default=None, sa_column=key())
    name: str = Field(unique=True, max_length=40)
    department_id: int | None = Field(sa_column=link("departments.id", optional=True))
    service_level: str = Field(default="default", max_length=40)
    words: tuple[str, ...] = Field(default=(), sa_column=Column(Words, nullable=False, default=()))


class AbsenceRow(SQLModel, table=True):
    """Somebody is away (请假) from one day of the park's calendar to another, both included.

    `substitute_id` is who was named to stand in; without it a firm's deputy does. `begun_at`: what
    the person holds was offered; `ended_at`: they are back, or the absence was called off.
    """

    __tablename__ = "absences"
    __table_args__ = (Index("absences_days", "ended_at", "first", "last"),)
    id: int | None = Field(default=None, sa_column=key())
    person_id: int = Field(sa_column=link("people.id", index=True))
    first: date
    last: date
    substitute_id: int | None = Field(sa_column=link("people.id", optional=True))
    entered_by: int | None = Field(sa_column=link("people.id", optional=True))
    begun_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class RevisionRow(SQLModel, table=True):
    """How often a table of the registry was written: whoever keeps what was built from it looks
    here whether it still holds."""

    __tablename__ = "revisions"
    name: str = Field(primary_key=True, max_length=40)
    number: int


class CodeRow(SQLModel, table=True):
    """A one-time code that binds a thread to an enterprise or to a person of the staff."""

    __tablename__ = "codes"
    code: str = Field(primary_key=True, max_length=16)
    enterprise_id: int | None = Field(sa_column=link("enterprises.id", optional=True))
    person_id: int | None = Field(sa_column=link("people.id", optional=True))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    thread_id: int | None = Field(sa_column=link("threads.id", optional=True))


people, enterprises, departments = (
    table_of(PersonRow),
    table_of(EnterpriseRow),
    table_of(DepartmentRow),
)
grids, task_forces, projects = (
    table_of(GridRow),
    table_of(TaskForceRow),
    table_of(RegisteredProjectRow),
)
codes = table_of(CodeRow)
categories, absences, revisions = table_of(CategoryRow), table_of(AbsenceRow), table_of(RevisionRow)
