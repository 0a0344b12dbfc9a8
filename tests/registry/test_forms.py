"""The same workbook gives the same registry, whatever program saved it and in whatever form."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bot.core.messages import Refused
from bot.registry.annotations import annotate
from bot.registry.files import open_book, read_xlsx
from bot.registry.importer import load
from bot.registry.known import Known
from bot.registry.xlsx import Unreckoned
from storage.database import Database
from tests.databases import SqlitePlace
from tests.peers.libreoffice import convert_file
from tests.peers.libreoffice import soffice as soffice
from tests.registry import packed
from tests.registry.books import (
    FIRMS,
    PEOPLE,
    SHEETS,
    TEXTS,
    Table,
    firms,
    format_remarks,
    import_file,
    write,
)

DAY = date(2027, 6, 30)
WHOLE: dict[str, Table] = {
    **SHEETS,
    "项目": [
        ["项目", "企业名称", "专班", "完工日期", "节点"],
        ["二期厂房", "恒宇", "二期专班", DAY, "设计30、报批20"],
    ],
}


@pytest.fixture
def registry_of(sqlite_place: SqlitePlace) -> Callable[[Path], Known]:
    """What is registered when a file is taken into an empty database."""

    def take(path: Path) -> Known:
        with sqlite_place.create_migrated() as url:
            database = Database(url)
            with database.write() as db:
                assert format_remarks(import_file(db, path)) == []
                known = load(db)
            database.close()
        return known

    return take


EDITS: dict[str, packed.Edit] = {
    "strict": packed.make_strict,
    "xlsm": packed.make_macro_book,
    "inline": packed.make_inline,
    "styles": packed.spoil_styles,
    "no styles": packed.drop_styles,
    "properties": packed.spoil_properties,
    "backslashes": lambda _part, content: content.replace("/xl/worksheets/", "\\xl\\worksheets\\"),
}


@pytest.mark.parametrize("form", EDITS)
def test_the_form_makes_no_difference(
    registry_of: Callable[[Path], Known], tmp_path: Path, form: str
) -> None:
    usual = write(tmp_path / "a.xlsx", SHEETS)
    assert registry_of(packed.repack(usual, EDITS[form])) == registry_of(usual)


def test_the_days_of_1904_are_the_days_of_1900(
    registry_of: Callable[[Path], Known], tmp_path: Path
) -> None:
    usual = write(tmp_path / "a.xlsx", WHOLE)
    book = load_workbook(usual)
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "b.xlsx")
    assert read_xlsx(tmp_path / "b.xlsx")[4].rows[1][3] == datetime(2027, 6, 30)  # noqa: DTZ001
    assert registry_of(tmp_path / "b.xlsx") == registry_of(usual)


@pytest.mark.parametrize("form", [31, 57, 14, 58])
def test_a_chinese_day_is_a_day(tmp_path: Path, form: int) -> None:
    """WPS and a Chinese Excel number their own formats of days, and write no code for them."""
    usual = write(tmp_path / "a.xlsx", WHOLE)
    used = 'numFmtId="164" fontId='
    path = packed.repack(
        usual, lambda _, content: content.replace(used, f'numFmtId="{form}" fontId=')
    )
    assert read_xlsx(path)[4].rows[1][3] == datetime(2027, 6, 30)  # noqa: DTZ001


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "xlsm", "xlsx:Calc Office Open XML"])
def test_libreoffice_saves_the_same_registry(
    registry_of: Callable[[Path], Known], tmp_path: Path, soffice: str, form: str
) -> None:
    usual = write(tmp_path / "a.xlsx", WHOLE)
    convert_file(soffice, usual, form, tmp_path / "out")
    (saved,) = (tmp_path / "out").glob("a.*")
    assert registry_of(saved) == registry_of(usual)


@pytest.mark.slow
def test_other_forms_of_libreoffice_are_refused_by_their_names(
    tmp_path: Path, soffice: str
) -> None:
    usual = write(tmp_path / "a.xlsx", SHEETS)
    for form, why in (("ods", "是 .ods 格式"), ("xls", "旧的 .xls 格式"), ("fods", "格式。请用")):
        convert_file(soffice, usual, form, tmp_path / form)
        assert why in refusal(tmp_path / form / f"a.{form}")
        (tmp_path / form / f"a.{form}").rename(tmp_path / form / "b.xlsx")
        assert why in refusal(tmp_path / form / "b.xlsx")


def test_a_list_is_the_same_as_its_sheet(
    registry_of: Callable[[Path], Known], tmp_path: Path
) -> None:
    rows = [row[:5] for row in FIRMS]
    with (tmp_path / "a.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    empty = {name: table[:1] for name, table in SHEETS.items()}
    assert registry_of(tmp_path / "a.csv") == registry_of(
        write(tmp_path / "a.xlsx", {**empty, "企业": rows})
    )


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as no:
        open_book(path, TEXTS)
    return TEXTS.render(no.value.key, no.value.values)


def put_formula(path: Path, cell: str, written: str) -> Path:
    """Write a cell of the firms' sheet as XML."""
    return packed.repack(
        path, packed.edit_part(packed.FIRMS_PART, rf'<c r="{cell}"[^>]*(/>|>.*?</c>)', written)
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A2" t="str"><f>Z9&amp;"有限公司"</f><v>恒宇有限公司</v></c>', "恒宇有限公司"),
        ('<c r="A2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="A2" t="str"><f>IF(B2="","",B2)</f><v></v></c>', None),
        ('<c r="A2" t="e"><f>VLOOKUP(1,B:C,2,0)</f><v>#N/A</v></c>', "#N/A"),
        ('<c r="A2" t="str"><f t="shared" si="0"/><v>甲</v></c>', "甲"),
        ('<c r="A2" t="str"><f t="array" ref="A2">B2:B3</f><v>甲</v></c>', "甲"),
        ('<c r="A2"><f>1+1</f><v></v></c>', Unreckoned("1+1")),
        ('<c r="A2"><f>1+1</f></c>', Unreckoned("1+1")),
        ('<c r="A2" t="str"><f>B2</f></c>', Unreckoned("B2")),
        ('<c r="A2" t="d"><v>2027-06-30T00:00:00</v></c>', datetime(2027, 6, 30)),  # noqa: DTZ001
        ('<c r="A2" t="inlineStr"><is><t>甲_x000D_乙</t></is></c>', "甲\r乙"),
        ('<c r="A2" t="inlineStr"><is><t>甲_x005F_x000D_</t></is></c>', "甲_x000D_"),
        ('<c r="A2" t="inlineStr"><is><t>_xD842__xDFB7_野</t></is></c>', "\U00020bb7野"),
        ('<c r="A2"><v>1.39E10</v></c>', 1.39e10),
        ('<c r="A2"><v>91990000000000001</v></c>', 91990000000000001.0),
    ],
)
def test_a_cell_is_its_value(tmp_path: Path, cell: str, value: object) -> None:
    path = put_formula(write(tmp_path / "a.xlsx", firms(("甲",))), "A2", cell)
    row = read_xlsx(path)[0].rows[1]
    assert row[0] == value


def test_a_formula_without_a_value_is_refused_in_its_cell(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "a.xlsx", firms(("甲", "=1+1"), ("乙", ""), columns=("企业名称", "地址"))
    )
    with sqlite_database.write() as db:
        report = import_file(db, path)
        assert [firm.name for firm in load(db).enterprises] == ["乙"]
    why = "公式 =1+1 没有算出的值。请用表格软件打开、保存一次，或改填文字"
    assert [line for line in format_remarks(report) if "公式" in line] == [f"企业 B2 {why}"]


def test_the_copy_with_remarks_keeps_the_values_of_formulas(
    sqlite_database: Database, tmp_path: Path
) -> None:
    sheets = firms(("甲", "x"), columns=("企业名称", "统一社会信用代码")) | {"人员": PEOPLE[:1]}
    named = '<c r="A2" t="str"><f>Z9</f><v>恒宇有限公司</v></c>'
    path = put_formula(write(tmp_path / "a.xlsx", sheets), "A2", named)
    with sqlite_database.write() as db:
        report = import_file(db, path)
    page = load_workbook(annotate(path, report.remarks, TEXTS))["企业"]
    assert page["A2"].value == "恒宇有限公司"
    assert page["B2"].comment is not None


def test_what_openpyxl_cannot_open_gets_a_plain_copy(
    sqlite_database: Database, tmp_path: Path
) -> None:
    sheets = firms(("甲", "x"), columns=("企业名称", "统一社会信用代码")) | {"人员": PEOPLE[:1]}
    path = packed.repack(write(tmp_path / "a.xlsx", sheets), packed.spoil_styles)
    with sqlite_database.write() as db:
        report = import_file(db, path)
    page = load_workbook(annotate(path, report.remarks, TEXTS))["企业"]
    assert page["A2"].value == "甲"
    assert "18 位" in page["B2"].comment.text


def test_what_is_hidden_is_read_and_said(sqlite_database: Database, tmp_path: Path) -> None:
    sheets = firms(("甲", "东路"), ("乙", ""), ("丙", ""), columns=("企业名称", "地址"))
    path = write(tmp_path / "a.xlsx", {**sheets, "人员": PEOPLE[:1], "旧表": [["x"]]})
    book = load_workbook(path)
    for row in (3, 4, 9):
        book["企业"].row_dimensions[row].hidden = True
    book["企业"].column_dimensions["B"].hidden = True
    book["部门"].sheet_state = "hidden"
    book["类别"].sheet_state = "veryHidden"
    book.save(path)
    with sqlite_database.write() as db:
        report = import_file(db, path)
        assert [firm.name for firm in load(db).enterprises] == ["甲", "乙", "丙"]
    assert [TEXTS.format_value(line) for line in report.unread] == [
        "△ 没有读工作表“旧表”",
        "△ “企业”有 2 行是隐藏的（可能筛选过），也读了：第 3 4 行",
        "△ “企业”隐藏的列也读了：B",
        "△ 工作表“部门”是隐藏的，也读了",
        "△ 工作表“类别”是隐藏的，也读了",
    ]


@pytest.mark.parametrize(
    "row",
    [
        ("合计：4 家",), ("合计",), ("总 计",), ("共 12 家",), ("共计12家企业",), ("小计:3",),
        ("企业总数：4家",), ("合计（家）", 4), ("", "合计"), ("12 家", "合计"), ("本页小计",),
        ("填表人：赵敏之  审核人：冯主任",), ("备注：以上为规上企业",), ("企业名称", "地址"),
    ],
)  # fmt: skip
def test_what_frames_a_list_is_no_firm(
    sqlite_database: Database, tmp_path: Path, row: tuple[object, ...]
) -> None:
    rows = [("甲", "东路"), row, ("合计通讯有限公司", ""), ("共享科技", ""), ("360", "")]
    path = write(
        tmp_path / "a.xlsx", firms(*rows, columns=("企业名称", "地址")) | {"人员": PEOPLE[:1]}
    )
    with sqlite_database.write() as db:
        report = import_file(db, path)
        names = [firm.name for firm in load(db).enterprises]
    assert names == ["甲", "合计通讯有限公司", "共享科技", "360"]
    assert format_remarks(report) == ["企业 A3 看着是合计、表头或表尾，没有当作一条"]
    assert report.refusal_count == 0


@pytest.mark.parametrize("gap", [" ", "　", "\u00a0", "  ", "\u2003", "\t", "\n"])
def test_gaps_divide_neither_people_nor_firms(
    sqlite_database: Database, tmp_path: Path, gap: str
) -> None:
    people = [PEOPLE[0], ["张三", "联络员"], ["王芳", "联系人", "", f"恒宇{gap}电子有限公司 "]]
    plain = {**firms(("恒宇电子有限公司", "张三"), columns=("企业名称", "联络员")), "人员": people}
    padded = {
        **firms((f" 恒宇{gap}电子有限公司{gap}", f"张{gap}三"), columns=("企业名称", "联络员")),
        "人员": [
            PEOPLE[0],
            [f"{gap}张{gap}三", "联络员"],
            [f"王{gap}芳", "联系人", "", "恒宇电子有限公司"],
        ],
    }
    with sqlite_database.write() as db:
        assert format_remarks(import_file(db, write(tmp_path / "a.xlsx", padded))) == []
        before = load(db)
        report = import_file(db, write(tmp_path / "b.xlsx", plain))
        assert format_remarks(report) == []
        assert load(db) == before
    assert [person.name for person in before.people] == ["张三", "王芳"]
    assert [firm.name for firm in before.enterprises] == ["恒宇电子有限公司"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_rare_letters_make_two_firms_two(
    sqlite_database: Database, tmp_path: Path, form: str
) -> None:
    letters = ("", "\U00020bb7", "\U0002b739", "\U00031350", "\U0002ebf0", "\ue863", "\U000f0001")
    names = [f"长沙{letter}鑫科技" for letter in letters]
    path = tmp_path / f"a.{form}"
    if form == "csv":
        path.write_text("企业名称\n" + "\n".join(names), encoding="utf-8")
    else:
        write(path, {**firms(*((name,) for name in names)), "人员": PEOPLE[:1]})
    with sqlite_database.write() as db:
        assert format_remarks(import_file(db, path)) == []
        assert [firm.name for firm in load(db).enterprises] == names


def test_a_letter_that_a_program_lost_is_refused_aloud(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("企业名称\n长沙�鑫科技\n甲\n", encoding="utf-8")
    with sqlite_database.write() as db:
        report = import_file(db, path)
        assert [firm.name for firm in load(db).enterprises] == ["甲"]
    assert format_remarks(report) == ["企业 A2 有一个字已经丢了（变成 � 或半个字），请核对后重填"]


def test_a_gap_between_latin_words_stays(tmp_path: Path, sqlite_database: Database) -> None:
    path = write(tmp_path / "a.xlsx", {**firms(("Blue  Sea 电子",)), "人员": PEOPLE[:1]})
    with sqlite_database.write() as db:
        import_file(db, path)
        assert [firm.name for firm in load(db).enterprises] == ["Blue Sea 电子"]


def test_an_unusual_book_is_no_trouble(tmp_path: Path) -> None:
    book = Workbook()
    book.create_chartsheet("图")
    sheet = book.worksheets[0]
    sheet["BZ1"].value, sheet["A3"].value = "far", "near"
    book.save(tmp_path / "a.xlsx")
    (table,) = read_xlsx(tmp_path / "a.xlsx")
    assert [list(row) for row in table.rows] == [[], [], ["near"]]
