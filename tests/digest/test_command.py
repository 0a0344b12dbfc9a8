"""`python -m bot digest`: all files or none, and a clear word to whoever asks for what is not."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from bot.core.sessions.session import Session, Stage
from storage.database import Database
from storage.sessions import sessions
from tests.commands.command_line import Run
from tests.commands.command_line import command_line as command_line
from tests.commands.command_line import demo_database as demo_database

Bot = Callable[..., tuple[int, str]]


@pytest.fixture
def database(demo_database: Database) -> Database:
    """Without the choice of two that other tests have: the commands open their own."""
    return demo_database


@pytest.fixture
def bot(database: Database, command_line: Run) -> Bot:
    """Runs the command on the demo park; its exit code and all that it printed."""
    with database.write() as db:
        soon = datetime.now(UTC) + timedelta(days=2)
        sessions.add(db, Session(0, 97, soon, Stage.PLANNED, "园区会客厅", uid="97"))
    return partial(command_line, "digest")


def test_a_text_and_a_picture_of_the_park_and_of_each_leader(bot: Bot, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    status, printed = bot("--out", str(out), "--week", "2024-W42")
    assert (status, sorted(path.name for path in out.iterdir())) == (
        0,
        [
            f"周报-2024-W42-{whose}"
            for whose in ("全园区.png", "全园区.txt", "冯主任.png", "冯主任.txt")
        ],
    ), printed
    assert "周报 2 份" in printed
    text = (out / "周报-2024-W42-冯主任.txt").read_text(encoding="utf-8")
    assert text.startswith(
        "【周报】2024 年第 42 周 10月14日（周一）至10月20日（周日）\n冯主任分管的 6 家企业\n"
    )
    with Image.open(io.BytesIO((out / "周报-2024-W42-冯主任.png").read_bytes())) as picture:
        assert picture.format == "PNG"


def test_one_leader_and_the_last_week(bot: Bot, tmp_path: Path) -> None:
    status, _ = bot("--out", str(tmp_path / "out"), "--leader", "冯主任")
    assert status == 0
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--week", "2025-W53"), "2025 年只有 52 周"),
        (("--week", "上周"), "没有“上周”这一周。写法"),
        (("--week", "2026-00"), "写法：年-W周"),
        (("--week", "2999-W01"), "还没到"),
        (("--leader", "张三"), "没有叫“张三”的领导。名册里的领导：冯主任 陈副主任"),
        (("--leader", "陈副主任"), "陈副主任没有分管的企业"),
        (("--leader", ""), "没有叫“”的领导"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_written(
    bot: Bot, tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    status, printed = bot("--out", str(tmp_path / "out"), *arguments)
    assert (status, why in printed) == (1, True), printed
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written(bot: Bot, tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("kept", encoding="utf-8")
    for out in (taken, taken / "below"):
        status, printed = bot("--out", str(out))
        assert status == 1
        assert "什么也没有写" in printed
    assert taken.read_text(encoding="utf-8") == "kept"


def test_what_was_there_is_replaced_whole_or_stays(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    assert bot("--out", str(out), "--week", "2024-W42")[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name.endswith("冯主任.png"):
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    status, printed = bot("--out", str(out), "--week", "2024-W42")
    assert (status, "磁盘满了" in printed) == (1, True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_waits_now_is_no_part_of_a_week_long_past(bot: Bot, tmp_path: Path) -> None:
    """Nor is the next session: both belong to the digest of the last week only."""
    out = tmp_path / "out"
    assert bot("--out", str(out), "--leader", "冯主任")[0] == 0
    assert bot("--out", str(out), "--leader", "冯主任", "--week", "2024-W42")[0] == 0
    latest, past = (path.read_text(encoding="utf-8") for path in sorted(out.glob("*.txt"))[::-1])
    assert "第 42 周" in past
    assert "主题日第 97 期" in latest
    assert "主题日第" not in past
