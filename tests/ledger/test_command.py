"""`python -m bot export ledger`, as somebody at a terminal meets it."""

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from bot.app import App
from bot.commands import ledger
from tests.commands.command_line import Run
from tests.commands.command_line import command_line as command_line
from tests.conftest import ROOT
from tests.ledger.conftest import Live

TALK = """
[2024-10-14 周一 10:00] 王芳> =1+1 车间停电了
[10:30] 赵敏之> 受理 001
[周二 10:00] 林知夏> 申请用地指标
"""
Bot = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def app(live: Live) -> App:
    return live(TALK)


@pytest.fixture
def bot(app: App, monkeypatch: pytest.MonkeyPatch, command_line: Run) -> Bot:
    """Run `export ledger` on a park where two issues were filed; exit code and what it said."""
    monkeypatch.setenv("EXCHANGE_CONFIG", str(ROOT / "config.toml"))
    url = app.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", url)
    return partial(command_line, "export", "ledger")


def numbers(path: Path) -> list[str]:
    """The issues in a list, without their prefix."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["编号"][7:] for row in csv.DictReader(file)]


def test_a_workbook_and_a_list(bot: Bot, tmp_path: Path) -> None:
    book, listed = tmp_path / "ledger.xlsx", tmp_path / "ledger.csv"
    assert bot(book) == (0, f"已导出 2 行：{book}\n")
    page = load_workbook(book).worksheets[0]
    assert page.title == "诉求台账"
    assert (page["H1"].value, page["H2"].value) == ("诉求", "=1+1 车间停电了")
    assert page["H2"].data_type == "s"
    assert bot(listed)[0] == 0
    assert numbers(listed) == ["1014-001", "1015-001"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--from", "2024-10-15"], ["1015-001"]),
        (["--from", "2024/10/14", "--to", "20241014"], ["1014-001"]),
        (["--to", "2024年10月15日"], ["1014-001", "1015-001"]),
        (["--category", "用电"], ["1014-001"]),
        (["--category", "用电", "--status", "待受理"], []),
        (["--status", "办理中", "--status", "filed"], ["1014-001", "1015-001"]),
        (["--enterprise", "恒宇"], ["1014-001"]),
        (["--category", "未分类"], []),
    ],
)
def test_only_a_part(bot: Bot, tmp_path: Path, asked: list[str], found: list[str]) -> None:
    out = tmp_path / "ledger.csv"
    assert bot(out, *asked)[0] == 0
    assert numbers(out) == found


def test_a_category_deleted_since_is_still_found(bot: Bot, app: App, tmp_path: Path) -> None:
    change = text("UPDATE issues SET category = :name WHERE number LIKE '%1015-001'")
    with app.database.write() as db:
        db.execute(change, {"name": "旧类别"})
    out = tmp_path / "ledger.csv"
    assert bot(out, "--category", "旧类别")[0] == 0
    assert numbers(out) == ["1015-001"]
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["类别"] == "旧类别"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--from", "2026-02-30"], "没有“2026-02-30”这一天。"),
        (["--to", "下周"], "看不懂日期“下周”。请写年月日，例如 2026-01-01。"),
        (["--from", "2024-10-16", "--to", "2024-10-15"], "--from 2024-10-16 在 --to 2024-10-15"),
        (["--category", "用店"], "没有类别“用店”。有这些：\n"),
        (["--status", "在办"], "没有状态“在办”。有这些：\n待受理 办理中"),
        (["--enterprise", "恒羽电子公司"], "没有“恒羽电子公司”。名称相近的有：\n恒宇电子有限公司"),
    ],
)
def test_a_wrong_question_writes_nothing(
    bot: Bot, tmp_path: Path, asked: list[str], said: str
) -> None:
    out = tmp_path / "ledger.xlsx"
    status, told = bot(out, *asked)
    assert status == 1
    assert said in told
    assert not list(tmp_path.glob("*ledger*"))


def test_a_place_that_cannot_be_written(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out, said in (
        (tmp_path / "ledger.doc", "文件名请以 .xlsx 或 .csv 结尾"),
        (tmp_path / "nowhere" / "ledger.csv", "没有文件夹"),
        (tmp_path / "file" / "ledger.csv", "没有文件夹"),
        (Path("/proc/ledger.csv"), "写不了 /proc/ledger.csv"),
        (Path("/proc/ledger.xlsx"), "写不了 /proc/ledger.xlsx"),
    ):
        status, told = bot(out)
        assert status == 1
        assert said in told


def test_an_old_file_is_kept_unless_asked(bot: Bot, tmp_path: Path) -> None:
    out = tmp_path / "ledger.csv"
    out.write_text("coloured by hand", encoding="utf-8")
    status, told = bot(out)
    assert status == 1
    assert "没有覆盖" in told
    assert out.read_text(encoding="utf-8") == "coloured by hand"
    assert bot(out, "--overwrite")[0] == 0
    assert numbers(out) == ["1014-001", "1015-001"]


def test_more_than_a_sheet_holds_is_said_before(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LAST_ROW", 2)
    status, told = bot(tmp_path / "ledger.xlsx")
    assert status == 1
    assert "共 2 件，Excel 一张表最多 1 行" in told
    assert bot(tmp_path / "ledger.csv")[0] == 0
