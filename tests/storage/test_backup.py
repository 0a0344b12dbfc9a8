"""A backup taken while others write, and the way back."""

import sqlite3
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.backup import DATABASE, back_up
from storage.database import Database
from storage.migrate import migrate
from tests.commands.command_line import Run
from tests.commands.command_line import command_line as command_line
from tests.conftest import ROOT
from tests.storage.rows import a_thread

PICTURE = b"\xff\xd8 not really a picture"


@pytest.fixture
def bot(command_line: Run) -> Run:
    """Run a command."""
    return command_line


@pytest.fixture
def park(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An office with one conversation and one picture."""
    _move_to(tmp_path / "office", monkeypatch)
    database = Database(f"sqlite:///{tmp_path / 'office' / 'exchange.db'}")
    migrate(database)
    with database.write() as db:
        a_thread(db)
    database.close()
    media = tmp_path / "office" / "media"
    media.mkdir()
    (media / "abc.jpg").write_bytes(PICTURE)
    return tmp_path


def test_everything_comes_back(bot: Run, park: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, said = bot("backup", park / "all.zip")
    assert (status, "已备份 2 个文件" in said) == (0, True)
    _move_to(park / "new", monkeypatch)
    status, said = bot("restore", park / "all.zip")
    assert (status, "已恢复 2 个文件" in said) == (0, True)
    assert _threads(park / "new" / "exchange.db") == 1
    assert (park / "new" / "media" / "abc.jpg").read_bytes() == PICTURE
    assert bot("migrate") == (0, "数据库已是最新，不用升级。\n")


def test_a_backup_is_one_moment_while_others_write(park: Path) -> None:
    source, stop = park / "office" / "exchange.db", threading.Event()
    database = Database(f"sqlite:///{source}")

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.write() as db:
                a_thread(db, f"a{number}")
                a_thread(db, f"b{number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        back_up(source, {}, park / "live.zip", lambda _done, _total: None)
    finally:
        stop.set()
        writer.join()
    database.close()
    with zipfile.ZipFile(park / "live.zip") as pack:
        pack.extract(DATABASE, park / "out")
    # The one thread from before, and whole transactions of two only.
    assert _threads(park / "out" / DATABASE) % 2 == 1


def test_nothing_is_overwritten(bot: Run, park: Path) -> None:
    assert bot("backup", park / "all.zip")[0] == 0
    before = (park / "all.zip").read_bytes()
    status, said = bot("backup", park / "all.zip")
    assert (status, "已经有了" in said) == (1, True)
    assert (park / "all.zip").read_bytes() == before
    status, said = bot("restore", park / "all.zip")
    assert (status, "已有数据库" in said) == (1, True)


def test_a_log_without_its_database_is_in_the_way_too(
    bot: Run, park: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would play another database's log into the restored one."""
    assert bot("backup", park / "all.zip")[0] == 0
    _move_to(park / "new", monkeypatch)
    (park / "new").mkdir()
    (park / "new" / "exchange.db-wal").write_bytes(b"left over")
    assert "已有数据库" in bot("restore", park / "all.zip")[1]


def _text(path: Path) -> None:
    path.write_text("不是备份")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _rotten(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[2000:2100] = bytes(100)
    path.write_bytes(whole)


def _without_database(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("media/a.jpg", "a")


def _add_outside_path(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as pack:
        pack.writestr("media/../../../away.txt", "a")


def _of_something_else(path: Path) -> None:
    other = path.with_name(DATABASE)
    sqlite3.connect(other).execute("CREATE TABLE guests (name)").connection.close()
    with zipfile.ZipFile(path, "w") as pack:
        pack.write(other, DATABASE)


def _newer(path: Path) -> None:
    with zipfile.ZipFile(path) as pack:
        found = pack.extract(DATABASE, path.parent / "newer")
    with sqlite3.connect(found) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with zipfile.ZipFile(path, "w") as pack:
        pack.write(found, DATABASE)


@pytest.mark.parametrize(
    "harm, words",
    [
        (_text, "不是本机器人的备份"),
        (_cut, "不是本机器人的备份"),
        (_rotten, "已损坏"),
        (_without_database, "不是本机器人的备份"),
        (_add_outside_path, "不是本机器人的备份"),
        (_of_something_else, "不是本机器人的备份"),
        (_newer, "由更新的版本写成（9999）"),
    ],
)
def test_what_is_no_backup_changes_nothing(
    bot: Run,
    park: Path,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Path], None],
    words: str,
) -> None:
    assert bot("backup", park / "all.zip")[0] == 0
    harm(park / "all.zip")
    _move_to(park / "new", monkeypatch)
    status, said = bot("restore", park / "all.zip")
    assert (status, words in said) == (1, True), said
    assert not list((park / "new").rglob("*"))
    assert not (park / "away.txt").exists()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("backup", "all.tar"), "文件名请以 .zip 结尾"),
        (("backup", "no/such/folder/all.zip"), "写不了"),
        (("restore", "nothing.zip"), "没有恢复"),
    ],
)
def test_a_mistake_is_named(bot: Run, park: Path, arguments: tuple[str, str], words: str) -> None:
    command, name = arguments
    if command == "restore":
        (park / "office" / "exchange.db").unlink()
    status, said = bot(command, park / name)
    assert (status, words in said) == (1, True), said


def test_postgresql_has_tools_of_its_own(bot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", "postgresql+psycopg://bot@127.0.0.1:1/park")
    for command in ("backup", "restore"):
        status, said = bot(command, "all.zip")
        assert (status, "pg_dump" in said) == (1, True)


def _move_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_CONFIG", str(ROOT / "config.toml"))
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", f"sqlite:///{folder / 'exchange.db'}")
    monkeypatch.setenv("EXCHANGE_STORAGE__MEDIA", str(folder / "media"))
    monkeypatch.setenv("EXCHANGE_STORAGE__MODELS", str(folder / "models"))


def _threads(database: Path) -> int:
    db = sqlite3.connect(database)
    try:
        return int(db.execute("SELECT count(*) FROM threads").fetchone()[0])
    finally:
        db.close()
