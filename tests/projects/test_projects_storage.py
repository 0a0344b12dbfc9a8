"""Projects come back as they were kept, with their names, their history and their ends."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.core.days.working_calendar import OFFICIAL
from bot.core.origin import Origin
from bot.core.people import Role
from bot.core.projects.plan import Project, finish_step, plan_steps
from storage import projects
from storage.database import Database
from storage.people import people
from tests.storage.rows import NOW, a_thread

TODAY = date(2024, 10, 14)
TARGET = date(2024, 12, 31)


def a_project(db: Connection, name: str = "二期厂房", target: date = TARGET) -> Project:
    firm = people.enterprise_named(db, "恒宇电子有限公司")
    firm_id = firm.id if firm else people.add_enterprise(db, "恒宇电子有限公司", aliases=("恒宇",))
    number = projects.register(db, firm_id, name)
    steps = tuple(plan_steps([("设计", 10), ("施工", 20)], target, OFFICIAL))
    project = Project(number, name, firm_id, target, TODAY, steps)
    projects.save(db, project, NOW)
    return project


def test_a_project_comes_back_with_the_names_of_now(database: Database) -> None:
    with database.write() as db:
        project = a_project(db)
        leader = people.add_person(db, "冯主任", Role.LEADER)
        projects.save(db, replace(project, leader_id=leader), NOW)
        found = projects.by_id(db, project.project_id)
    assert found == replace(
        project, leader_id=leader, leader="冯主任", firm="恒宇电子有限公司", aliases=("恒宇",)
    )


def test_the_unfinished_are_listed_the_nearest_first(database: Database) -> None:
    with database.write() as db:
        late = a_project(db, "晚")
        soon = a_project(db, "早", TARGET - timedelta(days=30))
        gone = a_project(db, "撤")
        projects.save(db, replace(gone, dropped=True), NOW)
        ready = a_project(db, "完")
        for step in ready.steps:
            ready = finish_step(ready, step, TODAY, TODAY)
        projects.save(db, ready, NOW)
        open_ones = [project.name for project in projects.list_unfinished(db)]
        everything = [project.name for project in projects.everything(db)]
        kept = projects.by_id(db, gone.project_id)
    assert open_ones == [soon.name, late.name]
    assert everything == ["晚", "早", "撤", "完"]
    assert kept is not None
    assert kept.dropped


def test_more_projects_than_a_statement_may_name(database: Database) -> None:
    with database.write() as db:
        for number in range(905):
            a_project(db, f"项目 {number}")
        found = projects.list_unfinished(db)
    assert len(found) == 905
    assert all(len(project.steps) == 2 for project in found)


def test_an_event_keeps_the_project_as_it_was(database: Database) -> None:
    with database.write() as db:
        project, thread = a_project(db), a_thread(db)
        after = finish_step(project, project.steps[0], TODAY, TODAY)
        origin = Origin(NOW, "test:1", thread_id=thread)
        projects.record(db, project.project_id, "done", origin, before=project)
        projects.save(db, after, NOW)
        event = projects.last_event(db, project.project_id)
        assert event == projects.last_standing_of(db, thread)
        assert event is not None
        assert replace(after, **projects.restore_fields(event)) == project


def test_a_project_is_found_by_its_firm_and_name(database: Database) -> None:
    with database.write() as db:
        project = a_project(db)
        found = projects.find_registered(db, project.enterprise_id, "二期厂房")
        assert found is not None
        assert found.id == project.project_id
        assert projects.find_registered(db, project.enterprise_id, "三期厂房") is None
        assert projects.by_id(db, 999) is None
