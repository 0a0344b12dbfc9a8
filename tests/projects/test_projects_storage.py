"""Courses come back as they were kept, with their names, their history and their ends."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.core.days.working_calendar import OFFICIAL
from bot.core.people import Role
from bot.core.projects.plan import Course, finish_step, plan_steps
from storage import projects
from storage.database import Database
from storage.people import people
from tests.storage.rows import NOW, a_thread

TODAY = date(2024, 10, 14)
TARGET = date(2024, 12, 31)


def a_course(db: Connection, name: str = "二期厂房", target: date = TARGET) -> Course:
    firm = people.enterprise_named(db, "恒宇电子有限公司")
    firm_id = firm.id if firm else people.add_enterprise(db, "恒宇电子有限公司", aliases=("恒宇",))
    number = projects.register(db, firm_id, name)
    steps = tuple(plan_steps([("设计", 10), ("施工", 20)], target, OFFICIAL))
    course = Course(number, name, firm_id, target, TODAY, steps)
    projects.save(db, course, NOW)
    return course


def test_a_course_comes_back_with_the_names_of_now(database: Database) -> None:
    with database.write() as db:
        course = a_course(db)
        leader = people.add_person(db, "冯主任", Role.LEADER)
        projects.save(db, replace(course, leader_id=leader), NOW)
        found = projects.by_id(db, course.project_id)
    assert found == replace(
        course, leader_id=leader, leader="冯主任", firm="恒宇电子有限公司", aliases=("恒宇",)
    )


def test_the_unfinished_are_listed_the_nearest_first(database: Database) -> None:
    with database.write() as db:
        late = a_course(db, "晚")
        soon = a_course(db, "早", TARGET - timedelta(days=30))
        gone = a_course(db, "撤")
        projects.save(db, replace(gone, dropped=True), NOW)
        ready = a_course(db, "完")
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


def test_more_courses_than_a_statement_may_name(database: Database) -> None:
    with database.write() as db:
        for number in range(905):
            a_course(db, f"项目 {number}")
        found = projects.list_unfinished(db)
    assert len(found) == 905
    assert all(len(project.steps) == 2 for project in found)


def test_an_event_keeps_the_course_as_it_was(database: Database) -> None:
    with database.write() as db:
        course, thread = a_course(db), a_thread(db)
        after = finish_step(course, course.steps[0], TODAY, TODAY)
        cause = "test:1"
        projects.record(
            db, course.project_id, "done", NOW, because=cause, thread_id=thread, before=course
        )
        projects.save(db, after, NOW)
        event = projects.last_event(db, course.project_id)
        assert event == projects.last_event_of(db, thread)
        assert event is not None
        assert replace(after, **projects.restore_fields(event)) == course
        assert projects.history(db, course.project_id) == [event]


def test_a_project_is_found_by_its_firm_and_name(database: Database) -> None:
    with database.write() as db:
        course = a_course(db)
        found = projects.find_registered(db, course.enterprise_id, "二期厂房")
        assert found is not None
        assert found.id == course.project_id
        assert projects.find_registered(db, course.enterprise_id, "三期厂房") is None
        assert projects.by_id(db, 999) is None
