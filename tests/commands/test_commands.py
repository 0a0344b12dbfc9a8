"""The command line, as somebody at a terminal meets it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import Connection

from bot.core.binding_codes import ALPHABET
from bot.core.days.working_calendar import OFFICIAL
from bot.core.leaders.reforms import Reform, Standing
from bot.core.messages import Address
from bot.core.projects.plan import Project, finish_step, plan_steps
from bot.core.sessions.session import Session, Stage
from storage import projects
from storage.database import Database
from storage.delivery import outbox, threads
from storage.leaders import reforms
from storage.people import codes, people
from storage.sessions import sessions
from tests.commands.command_line import Run as Say
from tests.commands.command_line import command_line as command_line
from tests.commands.command_line import demo_database as demo_database
from tests.conftest import ROOT
from tests.delivery import outbox_rows
from tests.storage.rows import a_parcel

NOW = datetime.now(UTC)


@pytest.fixture
def database(demo_database: Database) -> Database:
    """Without the choice of two that other tests have: the commands open their own."""
    return demo_database


@pytest.fixture
def bot(database: Database, command_line: Say) -> Say:
    """Run a command on the demo park."""
    return command_line


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("run",),
        ("check",),
        ("migrate",),
        ("outbox",),
        ("outbox", "list"),
        ("outbox", "retry"),
        ("outbox", "drop"),
        ("qr",),
        ("import",),
        ("template",),
        ("coverage",),
        ("backup",),
        ("restore",),
        ("export",),
        ("export", "ledger"),
        ("export", "projects"),
    ],
)
def test_help_is_chinese_everywhere(bot: Say, arguments: tuple[str, ...]) -> None:
    status, said = bot(*arguments, "--help")
    assert status == 0
    assert said.startswith("用法：")
    assert "选项：" in said
    assert not re.search(r"\b(Usage|Options|Arguments|Commands|Show|default|required)\b", said)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("rnu",), "没有命令 rnu，是不是 run？"),
        (("zzz",), "没有命令 zzz"),
        (("run", "--prot", "5"), "没有选项 --prot，是不是 --port？"),
        (("run", "--zzz"), "没有选项 --zzz"),
        (("run", "-z"), "没有选项 -z"),
        (("run", "--port"), "--port 后面要写值"),
        (("import", "名册.xlsx", "--dry-run=yes"), "--dry-run 后面不写值"),
        (("route", "--text", "正文"), "缺少：FILE.csv"),
        (("route", "a.csv", "--text"), "--text 后面要写值"),
        (("check", "b", "c"), "多写了：b c"),
        (("minutes", "九十五"), "填得不对。它是：第几期"),
        (("run", "--port", "0"), "--port N 填得不对。它是：监听的端口（1 到 65535）"),
        (("outbox", "drop", "1"), "缺少：--why TEXT"),
        (("outbox", "retry", "x"), "ID 填得不对。它是：消息的编号"),
    ],
)
def test_a_mistake_is_named_and_help_is_pointed_at(
    bot: Say, arguments: tuple[str, ...], words: str
) -> None:
    status, said = bot(*arguments)
    assert status == 2
    assert words in said
    assert "查看用法：python -m bot" in said
    assert "查看用法" in said.splitlines()[-1]
    english = r"(?i)\b(no such|invalid|missing|requires|argument|unexpected|got|take)\b"
    assert not re.search(english, said)


def test_without_a_command_the_help_is_shown(bot: Say) -> None:
    status, said = bot()
    assert status == 0
    assert said.startswith("用法：python -m bot [选项] 命令 …")


def test_wrong_settings_stop_every_command(bot: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_SERVER__PORT", "many")
    for command in ("run", "check", "migrate", "outbox"):
        status, said = bot(command)
        assert status == 1
        assert "EXCHANGE_SERVER__PORT：server.port：应当是整数，现在是“many”" in said


def test_a_misspelt_variable_is_named_with_the_one_that_was_meant(
    bot: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXCHANGE_SERVR__PORT", "8080")
    status, said = bot("check")
    assert status == 1
    assert "✗ EXCHANGE_SERVR__PORT：没有叫这个名字的设置" in said
    assert "EXCHANGE_SERVER__PORT？" in said
    assert "config.toml" not in said


def test_route_keeps_what_was_written_beside_its_category(bot: Say, tmp_path: Path) -> None:
    (tmp_path / "来信.csv").write_text("日期,内容\n3日,车间又停电了\n", encoding="utf-8")
    status, said = bot("route", tmp_path / "来信.csv", "--text", "内容")
    assert status == 0
    assert said.splitlines()[0] == "内容,category,probability,second,third,words"
    assert said.splitlines()[1].startswith("车间又停电了,用电,")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("--text", "正文"), "没有“正文”这一列。请用 --text 写明是哪一列。有这些：\n日期\n内容"),
        (("--text", "内容", "--model", "config.toml"), "不是 learn 存下的模型，或已损坏：config"),
        (
            ("--text", "内容", "--out", "none/a.csv"),
            "读写不了 none/a.csv.part：没有这个文件",
        ),
    ],
)
def test_route_says_what_is_wrong_in_the_parks_language(
    bot: Say, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "来信.csv").write_text("日期,内容\n3日,停电\n", encoding="utf-8")
    status, said = bot("route", tmp_path / "来信.csv", *arguments)
    assert status == 1
    assert words in said


def test_check_says_how_to_get_what_a_channel_lacks(
    bot: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ENABLED", "true"), ("CORP_ID", "ww1"), ("AGENT_ID", "7")):
        monkeypatch.setenv(f"EXCHANGE_CHANNELS__WECOM__{name}", value)
    status, printed = bot("check")
    assert status == 1
    assert "没有设置环境变量 EXCHANGE_CHANNELS__WECOM__SECRET" in printed
    assert "怎么得到缺的东西（企业微信）：" in printed
    assert "创建应用：记下 AgentId 和 Secret" in printed
    assert "BotFather" not in printed


def test_old_names_of_settings_are_told_by_check_and_in_the_log(
    bot: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXCHANGE_PROMISES__DEFAULT__VERSION", "2")
    told = "EXCHANGE_PROMISES__DEFAULT__VERSION：promises.default.version：改名为 "
    _, printed = bot("check")
    assert f"▲ {told}service_levels.default.version 了" in printed
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _, printed = bot("run", "--port", taken.getsockname()[1])
    assert printed.count(told) == 1


def test_migrate_says_whether_anything_was_missing(
    bot: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert bot("migrate") == (0, "数据库已是最新，不用升级。\n")
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert bot("migrate") == (0, "数据库已升级。\n")


def test_a_newer_database_is_refused_in_words(bot: Say, database: Database) -> None:
    with database.write() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for command in ("migrate", "run", "outbox"):
        status, said = bot(command)
        assert status == 1
        assert "数据库由更新的版本写成（9999），没有改动" in said


def test_an_unreachable_database_is_named_without_its_password(
    bot: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+psycopg://user:hush-hush@127.0.0.1:1/park"
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", url)
    for command in ("migrate", "check"):
        status, said = bot(command)
        assert status == 1
        assert "127.0.0.1:1/park" in said
        assert "hush-hush" not in said


class TestOutbox:
    @pytest.fixture(autouse=True)
    def letters(self, database: Database) -> None:
        with database.write() as db:
            thread = threads.by_address(db, Address("local", "hengyu"))
            assert thread is not None
            for text in ("未送达的话", "在等窗口的话", "正在发送的话"):
                a_parcel(db, thread.id, text, created_at=NOW, not_before=NOW)
            outbox.give_up(db, [1], NOW, "delivery.no_channel: wechat")
            outbox.hold(db, [2], NOW, "delivery.window_shut: ")
            lease = timedelta(hours=1)
            assert [parcel.id for parcel in outbox_rows.claim(db, NOW, lease, 9)] == [3]

    def test_it_lists_what_has_not_arrived_and_why(self, bot: Say) -> None:
        status, said = bot("outbox")
        assert status == 0
        assert "#1 【未送达】王芳（local hengyu）" in said
        assert "原因：这个渠道没有开通 wechat" in said
        assert "#2 【等对方先来消息】" in said
        assert "对方 48 小时内没有来过消息" in said
        assert "#3 【正在发送】" in said
        assert "共 3 条没送到" in said
        assert bot("outbox", "list") == (status, said)

    def test_what_was_given_up_is_sent_again(self, bot: Say, database: Database) -> None:
        status, said = bot("outbox", "retry", "1")
        assert (status, said) == (0, "#1 马上重发（机器人在运行时，一两秒内）。\n")
        assert "#1 【待发送】" in bot("outbox")[1]

    def test_what_was_dropped_is_gone_with_its_reason(self, bot: Say, database: Database) -> None:
        assert bot("outbox", "drop", "2", "--why", "已电话告知")[0] == 0
        assert "#2" not in bot("outbox")[1]
        assert bot("outbox", "drop", "2", "--why", "again")[0] == 1
        with database.read() as db:
            errors = [parcel.error for parcel in outbox_rows.list_given_up(db)]
        assert "dropped: 已电话告知" in errors

    def test_what_is_under_way_is_left_alone(self, bot: Say) -> None:
        for command in (("retry", "3"), ("drop", "3", "--why", "x"), ("retry", "99")):
            status, said = bot("outbox", *command)
            assert status == 1
            assert "没有 #" in said

    def test_a_reason_is_needed(self, bot: Say) -> None:
        status, said = bot("outbox", "drop", "2", "--why", "  ")
        assert status == 1
        assert "请写明理由" in said


class TestQr:
    def test_part_of_a_name_is_enough(self, bot: Say, database: Database) -> None:
        status, said = bot("qr", "恒宇")
        assert status == 0
        assert "恒宇电子有限公司 的绑定码已生成" in said
        code = self.code_in(said)
        with database.write() as db:
            given = codes.by_code(db, code)
        assert given is not None
        assert given.enterprise_id is not None
        assert given.person_id is None
        assert timedelta(days=6.9) < given.expires_at - NOW < timedelta(days=7.1)

    def test_staff_by_name(self, bot: Say, database: Database) -> None:
        status, said = bot("qr", "--person", "赵敏之")
        assert status == 0
        with database.write() as db:
            given = codes.by_code(db, self.code_in(said))
        assert given is not None
        assert given.person_id is not None
        assert given.enterprise_id is None

    def test_a_picture_is_written(self, bot: Say, tmp_path: Path) -> None:
        status, said = bot("qr", "恒宇", "--out", str(tmp_path / "code.png"))
        assert status == 0
        assert "二维码已存到" in said
        assert (tmp_path / "code.png").read_bytes().startswith(b"\x89PNG")

    def test_a_misspelt_name_shows_the_nearest(self, bot: Say) -> None:
        status, said = bot("qr", "恒羽电子公司")
        assert status == 1
        assert "没有“恒羽电子公司”。名称相近的有：\n恒宇电子有限公司" in said

    def test_an_unlike_name_shows_none(self, bot: Say) -> None:
        status, said = bot("qr", "xyz")
        assert status == 1
        assert "也没有相近的名称" in said

    def test_a_name_of_several_is_asked(self, bot: Say, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("builtins.input", lambda: "2")
        status, said = bot("qr", "有限公司")
        assert status == 0
        assert "2 信征精密机械有限公司" in said
        assert "信征精密机械有限公司 的绑定码已生成" in said

    def test_nobody_to_ask_changes_nothing(
        self, bot: Say, monkeypatch: pytest.MonkeyPatch, database: Database
    ) -> None:
        def nobody() -> str:
            raise EOFError

        monkeypatch.setattr("builtins.input", nobody)
        status, said = bot("qr", "有限公司")
        assert status == 1
        assert "没有选定，什么也没有改" in said
        with database.read() as db:
            assert db.exec_driver_sql("SELECT count(*) FROM codes").scalar_one() == 0

    @pytest.mark.parametrize("arguments", [(), ("恒宇", "--person", "赵敏之")])
    def test_one_of_the_two_is_needed(self, bot: Say, arguments: tuple[str, ...]) -> None:
        status, said = bot("qr", *arguments)
        assert status == 1
        assert "三者选一" in said

    def test_a_stranger_gets_no_code(self, bot: Say) -> None:
        status, said = bot("qr", "--person", "王芳")
        assert status == 1
        assert "没有叫“王芳”的工作人员" in said

    @staticmethod
    def code_in(said: str) -> str:
        found = re.search(rf"：绑定 ([{ALPHABET}]{{8}})\n", said)
        assert found, said
        return found[1]


@pytest.mark.slow
class TestRun:
    """The real process, on a port of its own."""

    @pytest.mark.parametrize("wanted", [signal.SIGINT, signal.SIGTERM])
    def test_it_says_where_it_is_answers_and_stops(
        self, database: Database, wanted: signal.Signals
    ) -> None:
        port = free_port()
        with run_bot(port) as process:
            assert process.stdout is not None
            assert f"已启动：http://127.0.0.1:{port} " in process.stdout.readline()
            assert healthy(port)
            process.send_signal(wanted)
            assert process.wait(20) == 0
            assert "Traceback" not in process.stdout.read()

    def test_a_taken_port_is_said(self, bot: Say) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            status, said = bot("run", "--port", str(port))
        assert status == 1
        assert said == (
            f"端口 {port} 已被占用。换一个：PORT={port + 1} make run，或改设置 server.port。\n"
        )


@contextmanager
def run_bot(port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bot", "run", "--port", str(port)]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, text=True, **output) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


def healthy(port: int) -> bool:
    """Ask until it is ready; it says `starting` until everyone has looked once."""
    for _ in range(200):
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        asking.request("GET", "/healthz")
        answer = asking.getresponse()
        answer.read()
        asking.close()
        if answer.status == 200:
            return True
    return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_a_session_has_papers(bot: Say, database: Database, tmp_path: Path) -> None:
    status, said = bot("agenda")
    assert status == 1
    assert "还没有安排主题日" in said
    with database.write() as db:
        add_held_session(db)
    status, said = bot("agenda", "--session", "95")
    assert status == 0
    assert "【议程】第 95 期" in said
    assert "没有议题" in said
    assert "没有第 7 期" in bot("agenda", "--session", "7")[1]
    assert "【纪要】第 95 期" in bot("minutes", "95")[1]
    out = tmp_path / "minutes.docx"
    status, said = bot("minutes", "95", "--out", str(out))
    assert status == 0, said
    assert out.stat().st_size > 1000
    for what in ("sessions", "promises"):
        book = tmp_path / f"{what}.xlsx"
        status, said = bot("export", what, str(book))
        assert status == 0, said
        assert book.exists()
    status, said = bot("export", "people", str(tmp_path / "x.xlsx"))
    assert status == 2
    assert "没有命令 people" in said


def test_reforms_are_exported_with_what_came_of_them(
    bot: Say, database: Database, tmp_path: Path
) -> None:
    with database.write() as db:
        firm = people.add_enterprise(db, "甲厂")
        draft = Reform(0, 0, "用电：电价", "用电", "电价", Standing.MEASURED, NOW, NOW)
        told = replace(draft, firms=(firm,), before_count=4, before_days=2.5, after_count=1)
        reforms.add(db, replace(told, measures=("=1+1",)))
    out = tmp_path / "改革.xlsx"
    status, said = bot("export", "reforms", str(out))
    assert status == 0, said
    headings, row = load_workbook(out).worksheets[0].iter_rows(values_only=True)
    found = dict(zip(headings, row, strict=True))
    assert (found["编号"], found["改革事项"], found["状态"]) == (1, "用电：电价", "成效已出")
    assert (found["改前件数"], found["改前办结中位天数"], found["改后件数"]) == (4, 2.5, 1)
    assert (found["企业"], found["措施"], found["没答"]) == ("甲厂", "=1+1", 0)


def test_projects_are_exported_step_by_step(bot: Say, database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        firm = people.all_enterprises(db)[0]
        number = projects.register(db, firm.id, "=1+1")
        steps = tuple(plan_steps([("设计", 10), ("施工", 20)], date(2024, 12, 31), OFFICIAL))
        project = Project(number, "=1+1", firm.id, date(2024, 12, 31), date(2024, 11, 1), steps)
        ready = finish_step(project, steps[0], date(2024, 11, 29), date(2024, 12, 2))
        projects.save(db, ready, NOW)
    out = tmp_path / "projects.xlsx"
    status, said = bot("export", "projects", str(out))
    assert (status, f"已导出 2 行：{out}" in said) == (0, True), said
    rows = list(load_workbook(out).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("编号", "项目", "企业")
    assert rows[1][:3] == (number, "=1+1", firm.name)
    assert [row[9] for row in rows[1:]] == ["设计", "施工"]
    assert [str(row[11])[:10] for row in rows[1:]] == ["2024-12-03", "2024-12-31"]
    assert str(rows[1][12])[:10] == "2024-11-29"
    assert rows[2][12] is None
    assert rows[1][6] == "■ 红"


def test_a_broken_template_is_named_with_its_place(
    bot: Say, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template, out = tmp_path / "template.docx", tmp_path / "minutes.docx"
    document = Document()
    document.add_paragraph("会议纪要 {{ nummer }}")
    document.save(str(template))
    monkeypatch.setenv("EXCHANGE_SESSIONS__TEMPLATE", str(template))
    with database.write() as db:
        add_held_session(db)
    status, said = bot("minutes", "95", "--out", str(out))
    assert status == 1
    assert "第 1 段“会议纪要 {{ nummer }}”：没有 nummer 这个名字" in said
    assert not out.exists()


def add_held_session(db: Connection) -> None:
    """A session that was held, with nothing on its agenda."""
    held = Session(0, 95, NOW, Stage.CLOSED, "园区会客厅", uid="95", opened_at=NOW, closed_at=NOW)
    sessions.add(db, held)
