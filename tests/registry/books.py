"""Workbooks that tests import; every firm, person and number is invented."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import Connection

from bot import texts
from bot.registry.files import open_book
from bot.registry.importer import take_in
from bot.registry.report import Report, Rules

TEXTS = texts.load(UTC)
Table = Sequence[Sequence[object]]
HENGYU, XINZHENG = "91990000MA0000001B", "91990000MA0000002E"
"""Credit codes whose check character is right."""
PEOPLE: Table = [
    ["姓名", "角色", "手机", "企业名称", "部门", "专班", "网格"],
    ["赵敏之", "联络员", "13900000001", "", "", "", "东区"],
    ["钱书远", "联络员", "13900000002", "", "", "", ""],
    ["周电工", "部门", "0731-80000001", "", "供电服务部", "", ""],
    ["卫一鸣", "专班", "13900000011", "", "", "二期专班", ""],
    ["冯主任", "领导", "13900000008", "", "", "", ""],
    ["王芳", "联系人", "13900000101", "恒宇电子有限公司", "", "", ""],
]
FIRMS: Table = [
    ["企业名称", "统一社会信用代码", "简称", "网格", "标签", "联络员", "B角", "部门", "领导"],
    [
        *("恒宇电子有限公司", HENGYU, "恒宇、恒宇电子", "东区", "规上，专精特新"),
        *("赵敏之", "钱书远", "供电服务部", "冯主任"),
    ],
    ["信征精密机械有限公司", XINZHENG, "信征", "西区", "", "", "", "", ""],
]
SHEETS: dict[str, Table] = {
    "企业": FIRMS,
    "人员": PEOPLE,
    "部门": [["部门", "电话"], ["供电服务部", "0731-80000000"]],
    "类别": [["类别", "部门", "承诺", "关键词"], ["用电", "供电服务部", "default", "配电房、临电"]],
    "项目": [["项目", "企业名称", "专班"], ["二期厂房", "恒宇", "二期专班"]],
}


def firms(*rows: Sequence[object], columns: Sequence[str] = ("企业名称",)) -> dict[str, Table]:
    """The usual workbook with other enterprises."""
    return {**SHEETS, "企业": [list(columns), *rows], "项目": [["项目", "企业"]]}


def staff(*rows: str) -> dict[str, Table]:
    """A workbook of people only; cells with `|` between: 姓名|角色|手机|企业|部门|专班|网格."""
    empty = {name: table[:1] for name, table in SHEETS.items()}
    people = [PEOPLE[0], *(row.split("|") for row in rows)]
    return {**empty, "部门": SHEETS["部门"], "人员": people}


def write(path: Path, sheets: dict[str, Table]) -> Path:
    """A workbook of these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def import_file(db: Connection, path: Path, rules: Rules | None = None) -> Report:
    """Take the file in, as the command does."""
    return take_in(db, open_book(path, TEXTS), rules or Rules(), TEXTS)


def format_remarks(report: Report) -> list[str]:
    """The remarks as people read them: place, heading, words."""
    return [
        f"{remark.sheet} {remark.place} {TEXTS.format_value(remark.line)}"
        for remark in report.remarks
    ]


def format_counts(report: Report) -> dict[str, tuple[int, int, int]]:
    """New, changed and same, by the noun's word."""
    return {
        TEXTS.format_value(noun): (c.new, c.changed, c.same) for noun, c in report.counts.items()
    }
