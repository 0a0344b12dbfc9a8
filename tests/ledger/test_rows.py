"""What the ledger's row says after a life that people played through the whole app."""

from datetime import date, datetime, timedelta

import pytest
from openpyxl.utils import get_column_letter

from bot.actions.context import Context
from bot.app import App
from bot.core.issues.issue import Status
from bot.core.reports.ledger import Wanted
from bot.ledger.columns import Cell, Field
from bot.ledger.rows import rows, sheet
from storage.reports import ledger
from tests.conftest import MONDAY, ROOT
from tests.ledger.conftest import Live

wall = datetime.fromisoformat  # sheets know no zones
LIFE = """
[2024-10-14 周一 10:00] 王芳> =1+1 车间停电了
[10:30] 赵敏之> 受理 001
[10:31] 赵敏之> 撤销
[11:30] 赵敏之> 受理 001
[11:40] 赵敏之> 请补充 001 哪个车间？
[14:10] 王芳> 二车间
[14:20] 赵敏之> 反馈 001 已派人去看
[14:30] 王芳> 催办
[15:00] 赵敏之> 延期 001 10月18日 配件要调
[15:05] 值班员小蒋> 1
[周二 09:00] 赵敏之> 办结 001 换了保险
[09:30] 王芳> 2
[10:00] 赵敏之> 办结 001 换了整条线路
[10:10] 王芳> 1
王芳> 2
王芳> 4
[周一 09:00] 新来的企业> 我是恒宇电子的，路灯坏了
[09:10] 林知夏> 申请用地指标
[09:20] 孙晓岚> 受理 YZ-20241021-002
[09:30] 孙晓岚> 挂账 YZ-20241021-002 11月15日 等省里批指标
[09:40] 林知夏> 同意挂账
[09:50] 马行空> 磅秤坏了
[09:51] 马行空> 撤回
"""


def read(app: App, wanted: Wanted = Wanted()) -> dict[str, dict[Field, Cell]]:  # noqa: B008
    """The ledger's rows by the issue's number without its prefix, each by column."""
    with app.database.snapshot() as db:
        now = app.clock.now()
        context = Context(db, now, app.park, app.texts, "test", app.learning, app.naming)
        found = [dict(zip(Field, row, strict=True)) for row in rows(context, wanted)]
        assert len(sheet(context).headings) == len(sheet(context).widths) == len(Field)
        assert ledger.count(db, wanted) == len(found)
    return {str(row[Field.NUMBER])[7:]: row for row in found}


@pytest.fixture(scope="module")
def app(live: Live) -> App:
    return live(LIFE)


def test_a_row_tells_the_whole_life(app: App) -> None:
    assert read(app)["1014-001"] == {
        Field.NUMBER: "YZ-20241014-001",
        Field.FILED_AT: wall("2024-10-14 10:00"),
        Field.ENTERPRISE: "恒宇电子有限公司",
        Field.CONTACT: "王芳",
        Field.PHONE: "13900000101",
        Field.CATEGORY: "用电",
        Field.URGENT: "急",
        Field.TITLE: "=1+1 车间停电了",
        Field.WORDS: "=1+1 车间停电了",
        Field.STATUS: "已确认",
        Field.RUNG: "领导",
        Field.LIAISON: "赵敏之",
        Field.OWNER: "赵敏之",
        Field.DEPARTMENT: "",
        Field.LEADER: "冯主任",
        Field.ACCEPT_DUE: wall("2024-10-14 11:00"),
        Field.ACCEPTED_AT: wall("2024-10-14 11:30"),
        Field.ACCEPT_MET: "否",
        Field.ANSWER_DUE: wall("2024-10-15 11:00"),
        Field.ANSWERED_AT: wall("2024-10-14 14:20"),
        Field.ANSWER_MET: "是",
        Field.SOLVE_DUE: wall("2024-10-18 17:30"),
        Field.RESOLVED_AT: wall("2024-10-15 10:00"),
        Field.SOLVE_MET: "是",
        Field.EXTENDED: 1,
        Field.PAUSED: 1,
        Field.PLAN_UNTIL: None,
        Field.URGED: 1,
        Field.PASSED: 0,
        Field.RETURNED: 0,
        Field.REOPENED: 1,
        Field.RESULT: "换了整条线路",
        Field.CONFIRMED_AT: wall("2024-10-15 10:10"),
        Field.STARS: 2,
        Field.WHY: "其他",
        Field.CLOSED_AT: None,
        Field.SESSIONS: "",
        Field.PROMISES: "",
        Field.MERGED_INTO: "",
    }


def test_what_never_came_is_neither_kept_nor_broken(app: App) -> None:
    found = read(app)
    claimed, planned, gone = (found[f"1021-00{n}"] for n in (1, 2, 3))
    assert claimed[Field.ENTERPRISE] == "自称 恒宇电子有限公司（未绑定）"
    assert claimed[Field.CONTACT] == ""
    assert (claimed[Field.ACCEPT_MET], claimed[Field.SOLVE_MET]) == ("未到期", "未到期")
    assert planned[Field.STATUS] == "挂账"
    assert planned[Field.PLAN_UNTIL] == date(2024, 11, 15)
    assert planned[Field.SOLVE_DUE] == wall("2024-11-15 17:30")
    # The plan was agreed before the first answer was due: that deadline is not owed any more.
    assert (planned[Field.ACCEPT_MET], planned[Field.ANSWER_MET]) == ("是", "不计")
    assert gone[Field.STATUS] == "已撤回"
    assert {gone[field] for field in (Field.ACCEPT_MET, Field.ANSWER_MET, Field.SOLVE_MET)} == {
        "不计"
    }
    assert gone[Field.CLOSED_AT] == wall("2024-10-21 09:51")


def test_only_what_is_asked_for(app: App) -> None:
    monday, week = MONDAY.replace(hour=0), timedelta(days=7)
    assert set(read(app, Wanted(until=monday + week))) == {"1014-001"}
    assert len(read(app, Wanted(since=monday + week, until=monday + 2 * week))) == 3
    assert set(read(app, Wanted(categories=["用电"]))) == {"1014-001"}
    assert set(read(app, Wanted(statuses=[Status.PLANNED]))) == {"1021-002"}
    assert set(read(app, Wanted(enterprises=[1]))) == {"1014-001"}
    assert read(app, Wanted(categories=["用电"], statuses=[Status.PLANNED])) == {}


@pytest.mark.parametrize("bite", [1, 3])
def test_bites_leave_nothing_out(app: App, monkeypatch: pytest.MonkeyPatch, bite: int) -> None:
    whole = read(app)
    monkeypatch.setattr(ledger, "BITE", bite)
    assert read(app) == whole


EVENINGS = """
[2024-10-14 周一 09:00] 王芳> 报名 车间电压不稳
[19:30] 王芳> 签到
[19:32] 值班员小蒋> 记 1号 供电公司 下周五前 完成增容
[19:51] 值班员小蒋> 闭会
[周一 19:30] 值班员小蒋> 开会
[19:35] 值班员小蒋> 闭会
"""


def test_sessions_promises_and_merging_are_named(live: Live) -> None:
    (row,) = read(live(EVENINGS)).values()
    sessions = str(row[Field.SESSIONS]).split("、")
    assert len(sessions) == 2
    assert row[Field.PROMISES] == f"{sessions[0]}-01"


def test_what_was_merged_names_its_issue(live: Live) -> None:
    talk = """
[2024-10-14 周一 10:00] 王芳> 创业路路灯全灭了，晚上工人下班看不见路
[10:20] 何小满> 创业路上的路灯全灭了，晚上下班看不见路
[10:30] 钱书远> 并案 002 001
（快进 4 天）
"""
    found = read(live(talk))
    merged = found["1014-002"]
    assert merged[Field.MERGED_INTO] == "YZ-20241014-001"
    # Its own clock stands while the other one's runs.
    assert (merged[Field.ANSWER_MET], found["1014-001"][Field.ANSWER_MET]) == ("未到期", "否")


def test_the_document_names_every_column_in_its_place(app: App) -> None:
    """docs/ledger.md is what the office builds its own sheets on."""
    lines = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8").splitlines()
    told = [line.split(" | ")[:2] for line in lines if line.startswith("| ")][1:]
    letters = [get_column_letter(at) for at in range(1, len(Field) + 1)]
    names = [app.texts.format_value(field) for field in Field]
    assert told == [[f"| {letter}", name] for letter, name in zip(letters, names, strict=True)]
