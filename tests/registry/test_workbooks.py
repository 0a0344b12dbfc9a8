"""What we write: the template, the annotated copy, the list of gaps. Text stays text in them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.core.register import Gap, Lack
from bot.registry.annotations import annotate
from bot.registry.drafts import drafts
from bot.registry.files import open_book
from bot.registry.gaps import write_gaps
from bot.registry.importer import load
from bot.registry.known import Known
from bot.registry.sheets import LAYOUTS, Sheet
from bot.registry.template import write_template
from storage.database import Database
from tests.registry.books import HENGYU, PEOPLE, TEXTS, firms, format_remarks, import_file, write


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "名册.xlsx"
    write_template(path, TEXTS, ("default", "urgent"))
    return path


def test_the_template_is_read_and_its_examples_are_not(
    sqlite_database: Database, template: Path
) -> None:
    with sqlite_database.write() as db:
        report = import_file(db, template)
        assert load(db) == Known([], [], [], [], [], [], [])
    assert format_remarks(report) == []
    assert (report.counts, report.unread) == ({}, ())


def test_the_templates_examples_would_be_good_rows(
    sqlite_database: Database, template: Path
) -> None:
    book = load_workbook(template)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows(min_row=2):
            row[0].value = str(row[0].value or "").removeprefix("例：")
    with_leader = book["人员"]
    for name, role in (("钱书远", "联络员"), ("冯主任", "领导")):
        with_leader.append([name, role])
    book.save(template)
    with sqlite_database.write() as db:
        assert format_remarks(import_file(db, template)) == []
        assert len(load(db).enterprises) == len(load(db).projects) == 1


def test_the_template_has_every_column_and_drop_downs(template: Path) -> None:
    book = load_workbook(template)
    assert book.sheetnames == ["说明", "企业", "人员", "部门", "类别", "项目"]
    for sheet in Sheet:
        page = book[TEXTS.format_value(sheet)]
        assert page.max_column == len(LAYOUTS[sheet].columns)
        assert page.freeze_panes == "A2"
    rules = {
        rule.formula1: str(rule.sqref) for rule in book["人员"].data_validations.dataValidation
    }
    assert rules['"联系人,联络员,部门,专班,领导,值班台"'] == "B2:B2000"
    assert rules["'部门'!$A$2:$A$2000"] == "E2:E2000"
    (levels,) = [
        rule
        for rule in book["类别"].data_validations.dataValidation
        if rule.formula1 == '"default,urgent"'
    ]
    assert str(levels.sqref) == "C2:C2000"
    assert book["企业"].column_dimensions["B"].number_format == "@"
    guide = "\n".join(str(row[0].value) for row in book["说明"].iter_rows())
    assert "删掉一行，不会删掉任何企业或人" in guide


def test_an_annotated_copy_shows_each_fault_in_its_cell(
    sqlite_database: Database, tmp_path: Path
) -> None:
    rows = [("甲", "x", "王五"), ("乙", HENGYU, "")]
    columns = ("企业名称", "统一社会信用代码", "联络员")
    path = write(tmp_path / "名册.xlsx", firms(*rows, columns=columns) | {"人员": PEOPLE[:1]})
    with sqlite_database.write() as db:
        report = import_file(db, path)
    out = annotate(path, report.remarks, TEXTS)
    assert out == tmp_path / "名册-批注.xlsx"
    page = load_workbook(out)["企业"]
    assert page["B2"].comment.text == "✗ 统一社会信用代码应是 18 位，现在是 1 位"
    assert page["B2"].fill.fgColor.rgb == "00FFC7CE"
    assert [cell.coordinate for row in page.iter_rows() for cell in row if cell.comment] == ["B2"]
    assert load_workbook(path)["企业"]["B2"].comment is None


def test_a_mended_copy_is_annotated_afresh_beside_it(
    sqlite_database: Database, tmp_path: Path
) -> None:
    rows = firms(("甲", "x"), ("乙", "x"), columns=("企业名称", "统一社会信用代码"))
    path = write(tmp_path / "名册.xlsx", rows | {"人员": PEOPLE[:1]})
    with sqlite_database.write() as db:
        first = annotate(path, import_file(db, path).remarks, TEXTS)
        book = load_workbook(first)
        book["企业"]["B2"].value = HENGYU
        book["企业"]["B3"].comment.text += "\n小李：再查"
        book.save(first)
        report = import_file(db, first)
    second = annotate(first, report.remarks, TEXTS)
    assert second == tmp_path / "名册-批注2.xlsx"
    page = load_workbook(second)["企业"]
    assert page["B2"].comment is None
    assert page["B2"].fill.fill_type is None
    assert page["B3"].comment.text == "小李：再查\n✗ 统一社会信用代码应是 18 位，现在是 1 位"


def test_a_list_gets_its_copy_too_and_its_formulas_stay_text(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("企业名称,地址,统一社会信用代码\n甲,=1+1,x\n", encoding="utf-8")
    with sqlite_database.write() as db:
        report = import_file(db, path)
    page = load_workbook(annotate(path, report.remarks, TEXTS))["企业"]
    assert (page["B2"].value, page["B2"].data_type) == ("=1+1", "s")
    assert "18 位" in page["C2"].comment.text


def test_a_fault_in_a_merged_cell_is_shown_where_it_is_seen(
    sqlite_database: Database, tmp_path: Path
) -> None:
    rows = firms(("甲", "王五"), ("乙", ""), columns=("企业名称", "联络员"))
    path = write(tmp_path / "a.xlsx", rows | {"人员": PEOPLE[:1]})
    book = load_workbook(path)
    book["企业"].merge_cells("B2:B3")
    book.save(path)
    with sqlite_database.write() as db:
        report = import_file(db, path)
    assert format_remarks(report) == [f"企业 B{row} 名册里没有“王五”" for row in (2, 3)]
    page = load_workbook(annotate(path, report.remarks, TEXTS))["企业"]
    assert page["B2"].comment.text == "✗ 名册里没有“王五”\n✗ 名册里没有“王五”"


def test_gaps_are_written_as_text(tmp_path: Path) -> None:
    heard = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
    gaps = [
        Gap(1, "=1+1", frozenset({Lack.LEADER, Lack.LIAISON}), None),
        Gap(2, "乙", frozenset({Lack.WORD}), heard),
    ]
    write_gaps(tmp_path / "缺口.xlsx", gaps, TEXTS)
    page = load_workbook(tmp_path / "缺口.xlsx")["缺口"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["企业", "缺口", "最近来消息"],
        ["=1+1", "没有联络员、没有领导", "从未"],
        ["乙", "30 天没来消息", "10月1日（周二）"],
    ]
    assert page["A2"].data_type == "s"


def test_examples_are_known_by_how_they_begin(template: Path) -> None:
    page = open_book(template, TEXTS).pages[Sheet.PEOPLE]
    assert [row[0] for _, row in page.iter_filled_rows()] == [
        "例：赵敏之",
        "例：周电工",
        "例：卫一鸣",
        "例：王芳",
    ]
    assert drafts(page, TEXTS) == ([], [])
