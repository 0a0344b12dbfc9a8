"""Projects from a workbook: planned backward, found again, and what is wrong said by its cell."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.core.messages import Refused
from bot.core.projects.plan import Project, finish_step
from bot.registry.cells import day, steps
from storage import projects
from storage.database import Database
from tests.registry.books import SHEETS, Table, format_counts, format_remarks, import_file, write
from tests.storage.rows import NOW

HEADINGS = ["项目", "企业名称", "专班", "领导", "部门", "完工日期", "节点"]
EXCELS = datetime(2024, 12, 31)  # noqa: DTZ001 - a spreadsheet knows no zones
PLANNED = [
    *("二期厂房", "恒宇", "二期专班", "冯主任", "供电服务部"),
    *(EXCELS, "设计10、报批5天、施工20个工作日"),
]


def book(*rows: Sequence[object]) -> dict[str, Table]:
    return {**SHEETS, "项目": [HEADINGS, *rows]}


def the_project(database: Database) -> Project:
    with database.read() as db:
        [project] = projects.everything(db)
        return project


def test_a_project_is_planned_backward(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        report = import_file(db, write(tmp_path / "1.xlsx", book(PLANNED)))
    assert format_remarks(report) == []
    assert format_counts(report)["项目"] == (1, 0, 0)
    project = the_project(database)
    assert (project.name, project.firm) == ("二期厂房", "恒宇电子有限公司")
    assert (project.leader, project.department) == ("冯主任", "供电服务部")
    assert [(step.name, step.days, step.by) for step in project.steps] == [
        ("设计", 10, date(2024, 11, 26)),
        ("报批", 5, date(2024, 12, 3)),
        ("施工", 20, date(2024, 12, 31)),
    ]
    assert project.begun == date(2024, 11, 13)


def test_a_second_time_changes_nothing(database: Database, tmp_path: Path) -> None:
    file = write(tmp_path / "1.xlsx", book(PLANNED))
    with database.write() as db:
        import_file(db, file)
        again = import_file(db, file)
    assert format_counts(again)["项目"] == (0, 0, 1)
    assert not again.changes


def test_another_plan_keeps_what_was_done(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        import_file(db, write(tmp_path / "1.xlsx", book(PLANNED)))
        project = projects.everything(db)[0]
        today = date(2024, 11, 20)
        projects.save(db, finish_step(project, project.steps[0], today, today), NOW)
        other = [*PLANNED[:5], "2025年1月24日", "设计10、招标8、报批5、施工20"]
        report = import_file(db, write(tmp_path / "2.xlsx", book(other)))
    assert format_counts(report)["项目"] == (0, 1, 0)
    assert [(step.name, step.done) for step in the_project(database).steps] == [
        ("设计", today),
        ("招标", None),
        ("报批", None),
        ("施工", None),
    ]


def test_a_sheet_without_a_plan_leaves_the_plan(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        import_file(db, write(tmp_path / "1.xlsx", book(PLANNED)))
        before = projects.everything(db)
        report = import_file(db, write(tmp_path / "2.xlsx", SHEETS))
        assert projects.everything(db) == before
    assert format_counts(report)["项目"] == (0, 0, 1)


@pytest.mark.parametrize(
    ("target", "given", "said"),
    [
        ("2024-12-31", "", "项目 F2 有完工日期就要填节点"),
        ("", "设计10", "项目 G2 有节点就要填完工日期"),
        ("12月31日", "设计10", "项目 F2 “12月31日”不是日期"),
        ("2024-02-30", "设计10", "项目 F2 “2024-02-30”不是日期"),
        ("2024-12-31", "设计", "项目 G2 节点写法不对"),
        ("2024-12-31", "设计10、设计5", "项目 G2 节点写法不对"),
        ("2024-12-31", "设计0", "项目 G2 节点写法不对"),
    ],
)
def test_what_is_wrong_is_said_by_its_cell(
    database: Database, tmp_path: Path, target: str, given: str, said: str
) -> None:
    row = [*PLANNED[:5], target, given]
    with database.write() as db:
        report = import_file(db, write(tmp_path / "1.xlsx", book(row)))
        assert projects.everything(db) == []
    assert len(format_remarks(report)) == 1
    assert format_remarks(report)[0].startswith(said)


def test_who_is_no_leader_does_not_lead(database: Database, tmp_path: Path) -> None:
    row = [*PLANNED[:3], "赵敏之", *PLANNED[4:]]
    with database.write() as db:
        report = import_file(db, write(tmp_path / "1.xlsx", book(row)))
    assert format_remarks(report) == ["项目 D2 “赵敏之”的角色是联络员，不能填在这里"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (EXCELS, date(2024, 12, 31)),
        (date(2024, 12, 31), date(2024, 12, 31)),
        ("2024年12月31日", date(2024, 12, 31)),
        ("２０２４．１２．３１", date(2024, 12, 31)),
        (20241231, date(2024, 12, 31)),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_however_it_is_written(written: object, meant: date | None) -> None:
    assert day(written) == meant


def test_steps_need_their_days() -> None:
    assert steps("设计10，报批 施工5".replace(" ", "15、")) == (
        ("设计", 10),
        ("报批", 15),
        ("施工", 5),
    )
    with pytest.raises(Refused):
        steps("设计10 报批")
