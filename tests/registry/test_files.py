"""A file that cannot be read says why and changes nothing; one that is oddly written is read."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.core.messages import Refused
from bot.registry.files import LARGEST, LOCKED, OLE, open_book
from bot.registry.sheets import Column, Sheet
from storage.database import Database
from storage.people import people
from tests.registry.books import HENGYU, SHEETS, TEXTS, firms, format_remarks, import_file, write

LIST = f"企业名称,统一社会信用代码,简称\n恒宇电子有限公司,{HENGYU},恒宇、恒宇电子\n=1+1,,\n"


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as no:
        open_book(path, TEXTS)
    return TEXTS.render(no.value.key, no.value.values)


def bytes_of(content: bytes, name: str = "a.xlsx") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def pack_note(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.xlsx", "w") as made:
        made.writestr("note.txt", "no workbook")
    return folder / "a.xlsx"


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda folder: folder / "none.xlsx", "没有这个文件"),
        (lambda folder: folder, "读不到"),
        (bytes_of(b""), "不是 .xlsx 表格，或已损坏"),
        (bytes_of(b"name,code\n"), "不是 .xlsx 表格，或已损坏"),
        (bytes_of(b"PK\x03\x04 cut off"), "不是 .xlsx 表格，或已损坏"),
        (pack_note, "不是 .xlsx 表格，或已损坏"),
        (bytes_of(OLE + b"\0" * 512 + LOCKED), "有密码"),
        (bytes_of(OLE + b"\0" * 512), "旧的 .xls 格式"),
        (bytes_of(b"\xff\xfe\x00", "a.csv"), "编码认不出"),
        (bytes_of(b"\x81", "a.csv"), "编码认不出"),
    ],
)
def test_a_file_that_cannot_be_opened(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    assert words in refusal(make(tmp_path))


def test_a_file_that_is_far_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "太大" in refusal(path)


def test_a_missing_sheet_is_named_with_what_there_is(tmp_path: Path) -> None:
    sheets = {("企业名单" if name == "企业" else name): rows for name, rows in SHEETS.items()}
    said = refusal(write(tmp_path / "a.xlsx", sheets))
    assert "缺少工作表“企业”。没有改动。" in said
    assert "文件里有：企业名单、人员、部门、类别、项目" in said


def test_a_missing_column_is_named_with_what_there_is(tmp_path: Path) -> None:
    said = refusal(
        write(tmp_path / "a.xlsx", {**SHEETS, "人员": [["名字", "角色"], ["甲", "联络员"]]})
    )
    assert "工作表“人员”缺少“姓名”一列。没有改动。" in said
    assert "文件里有：名字、角色" in said
    assert "可用的列：姓名、角色、手机、企业名称、部门、专班、网格" in said


def test_an_empty_sheet_has_no_columns(tmp_path: Path) -> None:
    assert "文件里有：（空）" in refusal(write(tmp_path / "a.xlsx", {**SHEETS, "部门": []}))


def test_what_nobody_reads_is_told(tmp_path: Path) -> None:
    sheets = firms(("甲", "x", "y", "z"), columns=("企业名称", "联络员姓名", "注册资本", ""))
    book = open_book(write(tmp_path / "a.xlsx", {**sheets, "备忘": [["x"]]}), TEXTS)
    assert [TEXTS.format_value(line) for line in book.unread] == [
        "△ 没有读工作表“备忘”",
        "△ “企业”里没有读“联络员姓名”一列，是不是“联络员”？",
        "△ “企业”里没有读“注册资本”一列",
    ]


def test_headings_may_stand_below_a_title_in_any_order_and_by_other_words(tmp_path: Path) -> None:
    rows = [
        ["云溪园区企业名册"],
        [],
        ["联络员*", "社会信用代码", " 公司 名称 "],
        ["", HENGYU, "甲"],
    ]
    book = open_book(write(tmp_path / "a.xlsx", {**SHEETS, "企业": rows}), TEXTS)
    page = book.pages[Sheet.ENTERPRISES]
    assert page.headings == 3
    assert page.places == {Column.LIAISON: 1, Column.CODE: 2, Column.ENTERPRISE: 3}
    assert [number for number, _ in page.iter_filled_rows()] == [4]


def test_what_is_merged_downwards_counts_for_each_row(
    sqlite_database: Database, tmp_path: Path
) -> None:
    sheets = firms(("甲", "赵敏之"), ("乙", ""), ("丙", ""), columns=("企业名称", "联络员"))
    path = write(tmp_path / "a.xlsx", {**sheets, "人员": SHEETS["人员"][:3]})
    book = load_workbook(path)
    book["企业"].merge_cells("B2:B3")
    book.save(path)
    with sqlite_database.write() as db:
        assert format_remarks(import_file(db, path)) == []
        firms_ = people.all_enterprises(db)
    assert [enterprise.liaison_id is not None for enterprise in firms_] == [True, True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", "\t", ";"])
def test_a_list_is_read_in_any_usual_form(
    sqlite_database: Database, tmp_path: Path, encoding: str, between: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(LIST.replace(",", between).replace("\n", "\r\n").encode(encoding))
    with sqlite_database.write() as db:
        report = import_file(db, path)
        found = people.all_enterprises(db)
    assert format_remarks(report) == []
    assert [(enterprise.name, enterprise.code, enterprise.aliases) for enterprise in found] == [
        ("恒宇电子有限公司", HENGYU, ("恒宇", "恒宇电子")),
        ("=1+1", None, ()),
    ]


def test_a_million_characters_in_a_cell_are_named_by_their_number(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"企业名称,地址\n甲,{'长' * 1_000_000}\n乙,东路\n", encoding="utf-8")
    with sqlite_database.write() as db:
        report = import_file(db, path)
        assert [enterprise.name for enterprise in people.all_enterprises(db)] == ["乙"]
    assert format_remarks(report) == ["企业 B2 太长：1000000 个字，最多 300 个"]
