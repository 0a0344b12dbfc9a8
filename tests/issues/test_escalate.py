"""Who hears of a missed deadline while people are away, on both databases."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date

import pytest

from bot.actions.context import Context
from bot.actions.issues.escalate import Climb, find_escalation
from bot.app import App
from bot.clock import MovableClock
from bot.core.issues.issue import Issue, Rung
from bot.core.people import Role
from bot.core.register import RegisteredProject, TaskForce
from bot.settings import load
from storage.bulk import add_all
from storage.people import absences, people
from storage.tables.people import projects, task_forces
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.storage.rows import an_issue

TODAY = date(2024, 10, 14)


@pytest.fixture
def context(place: SqlitePlace | PostgresPlace) -> Iterator[Context]:
    """A firm with everybody behind it: two of each rung above the liaison."""
    with place.create_migrated() as url, _open_app(url) as app, app.database.write() as db:
        department = people.add_department(db, "水务")
        (force,) = add_all(db, task_forces, [TaskForce(0, "专班")])
        leader = people.add_person(db, "甲领导", Role.LEADER)
        people.add_person(db, "乙领导", Role.LEADER)
        firm = people.add_enterprise(db, "恒宇", department_id=department, leader_id=leader)
        add_all(db, projects, [RegisteredProject(0, "厂房", firm, force.id)])
        for name in ("甲水务", "乙水务"):
            people.add_person(db, name, Role.DEPARTMENT, department_id=department)
        for name in ("甲专班", "乙专班"):
            people.add_person(db, name, Role.TASK_FORCE, task_force_id=force.id)
        people.add_person(db, "联络员", Role.LIAISON)
        yield Context(db, app.clock.now(), app.park, app.texts, "test", app.learning, app.naming)


@contextmanager
def _open_app(url: str) -> Iterator[App]:
    clock = MovableClock(MONDAY, frozen=True)
    app = App(load(ROOT / "config.toml", {"EXCHANGE_STORAGE__URL": url}), clock)
    with closing(app.database):
        yield app


def issue_of(context: Context) -> Issue:
    firm = people.enterprise_named(context.db, "恒宇")
    owner = people.list_staff_named(context.db, "联络员")[0].id
    return replace(an_issue(0), enterprise_id=firm.id if firm else None, owner_id=owner)


def away(context: Context, *names: str, to: str = "") -> None:
    """These are on leave today; the last of them named somebody to stand in."""
    for name in names:
        person = people.list_staff_named(context.db, name)[0].id
        other = people.list_staff_named(context.db, to)[0].id if to and name == names[-1] else None
        absences.enter(context.db, person, TODAY, TODAY, other, None)


def describe_climb(climb: Climb) -> tuple[Rung, str | None, tuple[str, ...]]:
    return climb.rung, climb.person.name if climb.person else None, climb.away


@pytest.mark.parametrize(
    ("absent", "to", "wanted", "expected"),
    [
        # everybody is here: the first of each rung
        ((), "", Rung.DEPARTMENT, (Rung.DEPARTMENT, "甲水务", ())),
        ((), "", Rung.TASK_FORCE, (Rung.TASK_FORCE, "甲专班", ())),
        ((), "", Rung.LEADER, (Rung.LEADER, "甲领导", ())),
        # one is away: the colleague of the same rung
        (("甲水务",), "", Rung.DEPARTMENT, (Rung.DEPARTMENT, "乙水务", ("甲水务",))),
        (("甲专班",), "", Rung.TASK_FORCE, (Rung.TASK_FORCE, "乙专班", ("甲专班",))),
        (("甲领导",), "", Rung.LEADER, (Rung.LEADER, "乙领导", ("甲领导",))),
        # whom they named comes before the colleague
        (("甲专班",), "乙领导", Rung.TASK_FORCE, (Rung.TASK_FORCE, "乙领导", ("甲专班",))),
        (("甲领导",), "乙专班", Rung.LEADER, (Rung.LEADER, "乙专班", ("甲领导",))),
        # but not whoever holds the issue: they know
        (("甲专班",), "联络员", Rung.TASK_FORCE, (Rung.TASK_FORCE, "乙专班", ("甲专班",))),
        # nobody of a rung is here: the next one at once
        (
            ("甲水务", "乙水务"),
            "",
            Rung.DEPARTMENT,
            (Rung.TASK_FORCE, "甲专班", ("甲水务", "乙水务")),
        ),
        (
            ("甲水务", "乙水务", "甲专班", "乙专班"),
            "",
            Rung.DEPARTMENT,
            (Rung.LEADER, "甲领导", ("甲水务", "乙水务", "甲专班", "乙专班")),
        ),
        # nobody at all: the top rung without a person, the duty desk hears
        (("甲领导", "乙领导"), "", Rung.LEADER, (Rung.LEADER, None, ("甲领导", "乙领导"))),
    ],
)
def test_whoever_is_here_hears(
    context: Context,
    absent: tuple[str, ...],
    to: str,
    wanted: Rung,
    expected: tuple[Rung, str | None, tuple[str, ...]],
) -> None:
    away(context, *absent, to=to)
    assert describe_climb(find_escalation(context, issue_of(context), wanted)) == expected
