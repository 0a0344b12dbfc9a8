"""A workbook is taken in by rows: good ones stand, others are named, twice changes nothing."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.core.people import Enterprise, Role
from bot.registry.importer import load
from bot.registry.known import Known
from bot.registry.report import Rules
from storage.database import Database
from storage.issues import categories
from storage.people import enterprises, people
from tests.registry.books import (
    FIRMS,
    HENGYU,
    PEOPLE,
    SHEETS,
    XINZHENG,
    Table,
    firms,
    format_counts,
    format_remarks,
    import_file,
    staff,
    write,
)


def firm(known: Known, name: str) -> Enterprise:
    return next(enterprise for enterprise in known.enterprises if enterprise.name == name)


def test_everything_of_a_workbook_is_registered(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        report = import_file(db, write(tmp_path / "a.xlsx", SHEETS))
        known = load(db)
    assert format_remarks(report) == []
    assert format_counts(report) == {
        "部门": (1, 0, 0),
        "工作人员": (5, 0, 0),
        "企业": (2, 0, 0),
        "企业联系人": (1, 0, 0),
        "项目": (1, 0, 0),
        "类别": (1, 0, 0),
        "网格": (2, 0, 0),
        "专班": (1, 0, 1),
    }
    named = {person.name: person for person in known.people}
    hengyu = firm(known, "恒宇电子有限公司")
    assert (hengyu.code, hengyu.aliases, hengyu.tags) == (
        HENGYU,
        ("恒宇", "恒宇电子"),
        ("规上", "专精特新"),
    )
    assert hengyu.liaison_id == named["赵敏之"].id
    assert hengyu.deputy_id == named["钱书远"].id
    assert hengyu.leader_id == named["冯主任"].id
    assert hengyu.department_id == named["周电工"].department_id == known.departments[0].id
    assert named["王芳"].enterprise_id == hengyu.id
    assert named["王芳"].role is Role.CONTACT
    with database.read() as db:
        east = enterprises.grid(db, hengyu.grid_id)
        assert east is not None
        assert (east.name, east.liaison_id) == ("东区", named["赵敏之"].id)
        assert firm(known, "信征精密机械有限公司").code == XINZHENG
        projects = [(project.name, project.enterprise_id) for project in known.projects]
        assert projects == [("二期厂房", hengyu.id)]
        assert [person.name for person in enterprises.task_force_of(db, hengyu.id)] == ["卫一鸣"]
        assert enterprises.name_entries(db)[0].aliases == ("恒宇", "恒宇电子")
        power = categories.by_name(db, "用电")
        assert power is not None
        assert (power.words, power.department_id) == (("配电房", "临电"), known.departments[0].id)


def test_a_second_time_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", SHEETS)
    with database.write() as db:
        first = import_file(db, path)
        before = load(db)
        second = import_file(db, path)
        assert load(db) == before
    assert first.changes
    assert not second.changes
    assert format_remarks(second) == []
    assert format_counts(second)["企业"] == (0, 0, 2)


def test_only_what_differs_is_changed(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        import_file(db, write(tmp_path / "a.xlsx", SHEETS))
        before = load(db)
        columns = ("企业名称", "统一社会信用代码", "地址", "联络员")
        report = import_file(
            db,
            write(
                tmp_path / "b.xlsx",
                firms(
                    ("恒宇电子科技有限公司", HENGYU, "", ""),
                    ("信征精密机械有限公司", "", "创业路 3 号", "钱书远"),
                    columns=columns,
                ),
            ),
        )
        known = load(db)
    assert format_counts(report)["企业"] == (0, 2, 0)
    renamed = firm(known, "恒宇电子科技有限公司")
    assert renamed.id == firm(before, "恒宇电子有限公司").id
    assert renamed.liaison_id is not None
    assert renamed.aliases == ("恒宇", "恒宇电子")
    assert firm(known, "信征精密机械有限公司").address == "创业路 3 号"
    # The contact's row names the firm by what it was called before.
    assert format_remarks(report) == [
        "人员 D7 名册里没有“恒宇电子有限公司”，是不是“恒宇电子科技有限公司”？"
    ]


def test_none_empties_a_cell_and_nothing_leaves_it(database: Database, tmp_path: Path) -> None:
    columns = ("企业名称", "简称", "联络员", "统一社会信用代码")
    with database.write() as db:
        import_file(db, write(tmp_path / "a.xlsx", SHEETS))
        row = ("恒宇电子有限公司", "无", "-", "")
        import_file(db, write(tmp_path / "b.xlsx", firms(row, columns=columns)))
        hengyu = firm(load(db), "恒宇电子有限公司")
    assert hengyu.aliases == ()
    assert hengyu.liaison_id is None
    assert hengyu.code == HENGYU
    assert hengyu.deputy_id is not None


def test_a_row_that_is_gone_removes_nobody(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        import_file(db, write(tmp_path / "a.xlsx", SHEETS))
        before = load(db)
        empty = {name: table[:1] for name, table in SHEETS.items()}
        report = import_file(db, write(tmp_path / "b.xlsx", empty))
        assert load(db) == before
    assert report.counts == {}


@pytest.mark.parametrize(
    "rows, remarks, good",
    [
        pytest.param(
            [("甲公司", HENGYU), ("乙公司", HENGYU)],
            ["企业 B3 统一社会信用代码与第 2 行相同"],
            {"甲公司"},
            id="one code twice",
        ),
        pytest.param(
            [("甲公司", HENGYU), (" 甲公司", XINZHENG)],
            ["企业 A3 企业名称与第 2 行重复"],
            {"甲公司"},
            id="one name, two codes",
        ),
        pytest.param(
            [("甲公司", HENGYU), ("", XINZHENG), ("丙公司", "x")],
            ["企业 A3 必须填写", "企业 B4 统一社会信用代码应是 18 位，现在是 1 位"],
            {"甲公司"},
            id="no name, no code",
        ),
        pytest.param(
            [("长" * 201, ""), ("=1+1", ""), ("甲公司", 9.199e17)],
            [
                "企业 A2 太长：201 个字，最多 200 个",
                "企业 A3 公式 =1+1 没有算出的值。请用表格软件打开、保存一次，或改填文字",
                "企业 B4 数字太长，末几位已被表格软件抹掉，请设为文本后重填",
            ],
            set(),
            id="too long, a formula, a number",
        ),
    ],
)
def test_good_rows_stand_and_bad_ones_are_named(
    database: Database,
    tmp_path: Path,
    rows: list[Sequence[object]],
    remarks: list[str],
    good: set[str],
) -> None:
    sheets = firms(*rows, columns=("企业名称", "统一社会信用代码")) | {"人员": PEOPLE[:1]}
    with database.write() as db:
        report = import_file(db, write(tmp_path / "a.xlsx", sheets))
        assert {enterprise.name for enterprise in people.all_enterprises(db)} == good
    assert format_remarks(report) == remarks
    assert report.refusal_count == len(rows) - len(good)


def test_the_codes_of_the_registry_are_respected(database: Database, tmp_path: Path) -> None:
    columns = ("企业名称", "统一社会信用代码")
    with database.write() as db:
        people.add_enterprise(db, "甲公司", code=HENGYU)
        people.add_enterprise(db, "乙公司")
        sheets = firms(("甲公司", XINZHENG), ("乙公司", HENGYU), columns=columns)
        report = import_file(db, write(tmp_path / "a.xlsx", sheets | {"人员": PEOPLE[:1]}))
    assert format_remarks(report) == [
        f"企业 B2 同名企业已登记，代码是 {HENGYU}，请核对",
        "企业 B3 这个代码已登记给“甲公司”",
    ]


@pytest.mark.parametrize(
    "column, given, why",
    [
        ("联络员", "赵敏芝", "名册里没有“赵敏芝”，是不是“赵敏之”？"),
        ("联络员", "毫不相干", "名册里没有“毫不相干”"),
        ("联络员", "冯主任", "“冯主任”的角色是领导，不能填在这里"),
        ("领导", "赵敏之", "“赵敏之”的角色是联络员，不能填在这里"),
        ("部门", "供电服务", "名册里没有“供电服务”，是不是“供电服务部”？"),
        ("联络员", "张伟", "不止一个“张伟”，请补上手机"),
        ("联络员", "王芳", "名册里没有“王芳”"),
    ],
)
def test_a_name_that_nobody_has_is_guessed_at(
    database: Database, tmp_path: Path, column: str, given: str, why: str
) -> None:
    twins: Table = [["张伟", "联络员", f"1390000002{n}", "", "", "", ""] for n in (1, 2)]
    sheets = firms(("恒宇电子有限公司", given), columns=("企业名称", column))
    with database.write() as db:
        report = import_file(
            db, write(tmp_path / "a.xlsx", sheets | {"人员": [*PEOPLE[:-1], *twins]})
        )
    assert format_remarks(report) == [f"企业 B2 {why}"]


def test_of_two_who_share_a_name_the_phone_tells(database: Database, tmp_path: Path) -> None:
    twins: Table = [["张伟", "联络员", f"1390000002{n}", "", "", "", ""] for n in (1, 2)]
    rows = (("甲公司", "张伟 13900000021"), ("乙公司", "张伟（13900000022）"))
    sheets = firms(*rows, columns=("企业名称", "联络员")) | {"人员": [*PEOPLE[:-1], *twins]}
    path = write(tmp_path / "a.xlsx", sheets)
    with database.write() as db:
        assert format_remarks(import_file(db, path)) == []
        assert not import_file(db, path).changes
        phones = [
            people.get(db, enterprise.liaison_id or 0).phone
            for enterprise in people.all_enterprises(db)
        ]
    assert phones == ["13900000021", "13900000022"]


def test_a_liaison_is_no_deputy_of_their_own(database: Database, tmp_path: Path) -> None:
    row = ("甲公司", "赵敏之", "赵敏之")
    sheets = firms(row, columns=("企业名称", "联络员", "B角")) | {"人员": PEOPLE[:-1]}
    with database.write() as db:
        report = import_file(db, write(tmp_path / "a.xlsx", sheets))
    assert format_remarks(report) == ["企业 C2 B角不能和联络员是同一个人"]


@pytest.mark.parametrize(
    "rows, remark",
    [
        (["甲|经理"], "B2 没有“经理”这个角色，可填：联系人、联络员、部门、专班、领导、值班台"),
        (["甲|"], "B2 必须填写"),
        (["甲|联络员|139"], "C2 不是手机号（1 开头 11 位），也不是座机号"),
        (["甲|部门"], "E2 角色是部门的，必须填这一列"),
        (["甲|部门|||供电部"], "E2 名册里没有“供电部”，是不是“供电服务部”？"),
        (["甲|专班"], "F2 角色是专班的，必须填这一列"),
        (["甲|联系人"], "D2 角色是联系人的，必须填这一列"),
        (["甲|领导|||||东区"], "G2 角色是领导的，不能负责网格"),
        (["甲|联络员|13900000001", "甲|联络员|13900000001"], "A3 与第 2 行重复"),
        (["甲|联络员|13900000001", "乙|联络员|13900000001"], "C3 手机与第 2 行相同"),
        (["甲|联络员|13900000001", "甲|联络员"], "C3 不止一个“甲”，请补上手机"),
        (["甲|联络员|||||东区", "乙|联络员|||||西区、东 区"], "G3 网格“东 区”在第 2 行已有人负责"),
    ],
)
def test_people_who_cannot_be_taken(
    sqlite_database: Database, tmp_path: Path, rows: list[str], remark: str
) -> None:
    with sqlite_database.write() as db:
        report = import_file(db, write(tmp_path / "a.xlsx", staff(*rows)))
        assert len(load(db).people) == len(rows) - 1
    assert format_remarks(report) == [f"人员 {remark}"]


def test_somebody_is_found_again_by_phone_or_by_name(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        import_file(db, write(tmp_path / "a.xlsx", staff("甲|联络员|13900000001", "乙|联络员")))
        before = {person.name: person.id for person in load(db).people}
        again = staff("甲|值班台|13900000001", "乙|联络员|13900000002")
        report = import_file(db, write(tmp_path / "b.xlsx", again))
        after = load(db).people
        assert format_counts(report)["工作人员"] == (0, 2, 0)
        assert {person.name: person.id for person in after} == before
        assert {person.name: (person.role, person.phone) for person in after} == {
            "甲": (Role.OFFICE, "13900000001"),
            "乙": (Role.LIAISON, "13900000002"),
        }
        report = import_file(db, write(tmp_path / "c.xlsx", staff("丙|联络员|13900000001")))
    assert format_remarks(report) == ["人员 C2 这个手机已登记给“甲”"]


def test_a_keyword_in_two_categories_is_named(database: Database, tmp_path: Path) -> None:
    rows: Table = [
        ["类别", "关键词", "承诺"],
        ["用电", "配电房、电闸", ""],
        ["用水", "水闸、配電房", ""],
        ["用工", "招工、社保", ""],
        ["物业", "保洁", "三天"],
    ]
    rules = Rules(service_levels=("default", "urgent"), keywords={"招工": "用工", "社保": "税费"})
    with database.write() as db:
        report = import_file(db, write(tmp_path / "a.xlsx", {**staff(), "类别": rows}), rules)
        assert [category.name for category in categories.all_categories(db)] == ["用电"]
        moved: Table = [["类别", "关键词"], ["用电", "电闸"], ["用水", "配电房"]]
        later = import_file(db, write(tmp_path / "b.xlsx", {**staff(), "类别": moved}), rules)
        taken: Table = [["类别", "关键词"], ["消防", "电闸"]]
        last = import_file(db, write(tmp_path / "c.xlsx", {**staff(), "类别": taken}), rules)
    assert format_remarks(report) == [
        "类别 B3 关键词“配電房”已属于“用电”，一个词只能属于一个类别",
        "类别 B4 关键词“社保”已属于“税费”，一个词只能属于一个类别",
        "类别 C5 设置里没有时限“三天”，有：default urgent",
    ]
    assert format_remarks(later) == []
    assert format_remarks(last) == ["类别 B2 关键词“电闸”已属于“用电”，一个词只能属于一个类别"]


def test_a_project_needs_a_firm_that_exists(database: Database, tmp_path: Path) -> None:
    rows: Table = [
        ["项目", "企业", "专班"],
        ["二期", "恒宇"],
        ["二期", "信征", "专班甲"],
        ["三期", "绿洲"],
        ["二期", "恒宇"],
    ]
    sheets = {**SHEETS, "项目": rows, "企业": FIRMS}
    with database.write() as db:
        report = import_file(db, write(tmp_path / "a.xlsx", sheets))
    assert format_counts(report)["项目"] == (2, 0, 0)
    assert format_remarks(report) == ["项目 B4 名册里没有“绿洲”", "项目 A5 与第 2 行重复"]
