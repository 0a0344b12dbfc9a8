"""Import, template and coverage, as somebody at a terminal meets them."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.terminal.progress import LateBar
from bot.registry.importer import load
from bot.registry.known import Known
from storage.database import Database
from storage.migrate import migrate
from storage.people import people
from tests.conftest import ROOT
from tests.registry.books import HENGYU, PEOPLE, SHEETS, firms, write

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An empty registry, where the commands look for it."""
    url = f"sqlite:///{tmp_path / 'exchange.db'}"
    monkeypatch.setenv("EXCHANGE_CONFIG", str(ROOT / "config.toml"))
    monkeypatch.setenv("EXCHANGE_STORAGE__URL", url)
    database = Database(url)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def bot(registry: Database) -> Say:
    def run(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return run


def load_known(database: Database) -> Known:
    with database.read() as db:
        return load(db)


def test_a_dry_run_says_the_same_and_writes_nothing(
    bot: Say, registry: Database, tmp_path: Path
) -> None:
    rows = firms(("甲", HENGYU), ("乙", "x"), columns=("企业名称", "统一社会信用代码"))
    path = write(tmp_path / "名册.xlsx", rows | {"人员": PEOPLE[:1]})
    status, tried = bot("import", path, "--dry-run")
    assert status == 1
    assert load_known(registry) == Known([], [], [], [], [], [], [])
    assert sorted(file.name for file in tmp_path.glob("*.xlsx")) == ["名册.xlsx"]
    status, said = bot("import", path)
    assert status == 1
    assert [enterprise.name for enterprise in load_known(registry).enterprises] == ["甲"]
    assert tried.splitlines()[0] == "试运行：没有写入任何内容。正式导入会是："
    assert tried.splitlines()[1:] == said.splitlines()[:-1]
    assert said.splitlines() == [
        "部门：新增 1，更新 0，未变 0",
        "企业：新增 1，更新 0，未变 0",
        "类别：新增 1，更新 0，未变 0",
        "✗ 企业 B3（统一社会信用代码）：统一社会信用代码应是 18 位，现在是 1 位",
        "有 1 行没有导入，其他行不受影响。",
        f"错处都已写在 {tmp_path / '名册-批注.xlsx'}，改好后可直接导入它。",
    ]


def test_a_second_import_says_that_nothing_changed(bot: Say, tmp_path: Path) -> None:
    path = write(tmp_path / "名册.xlsx", SHEETS)
    assert bot("import", path)[0] == 0
    status, said = bot("import", path)
    assert status == 0
    assert "企业：新增 0，更新 0，未变 2" in said
    assert said.splitlines()[-1] == "与名册一致，没有变化。"


def test_many_faults_are_printed_in_part(bot: Say, tmp_path: Path) -> None:
    rows = [(f"企业{number}", "x") for number in range(25)]
    sheets = firms(*rows, columns=("企业名称", "统一社会信用代码")) | {"人员": PEOPLE[:1]}
    _, said = bot("import", write(tmp_path / "名册.xlsx", sheets))
    assert said.count("✗") == 20
    assert "… 另有 5 处" in said
    assert "有 25 行没有导入" in said


def test_a_file_that_is_none_changes_nothing(bot: Say, registry: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "名册.xlsx", {"企业": SHEETS["企业"]})
    status, said = bot("import", path)
    assert status == 1
    assert "缺少工作表“人员”" in said
    assert load_known(registry).enterprises == []


def test_the_categories_of_the_shipped_taxonomy_keep_their_keywords(
    bot: Say, tmp_path: Path
) -> None:
    rows = [["类别", "关键词"], ["用电", "招工"]]
    _, said = bot("import", write(tmp_path / "名册.xlsx", {**SHEETS, "类别": rows}))
    assert "✗ 类别 B2（关键词）：关键词“招工”已属于“用工”，一个词只能属于一个类别" in said


def test_a_template_is_never_written_over_a_file(bot: Say, tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    assert bot("template", path)[0] == 0
    before = path.read_bytes()
    status, said = bot("template", path)
    assert status == 1
    assert "已经有了，没有覆盖" in said
    assert path.read_bytes() == before
    assert bot("template", tmp_path / "名册.csv")[0] == 1
    assert "写不了" in bot("template", tmp_path / "none" / "名册.xlsx")[1]


def test_coverage_lists_who_is_not_served(bot: Say, registry: Database, tmp_path: Path) -> None:
    assert "还没有登记任何企业" in bot("coverage")[1]
    with registry.write() as db:
        for number in range(60):
            people.add_enterprise(db, f"企业{number}")
    status, said = bot("coverage")
    assert status == 0
    assert said.splitlines()[0] == "企业0：没有联络员、没有B角、没有领导、30 天没来消息"
    assert "… 另有 10 家" in said
    assert "共 60 家企业：缺联络员 60，缺B角 60，缺领导 60，30 天没有来消息 60。" in said
    out = tmp_path / "缺口.xlsx"
    assert f"缺口已存到 {out}" in bot("coverage", "--out", out)[1]
    assert "没有覆盖" in bot("coverage", "--out", out)[1]


def test_the_bar_comes_late_and_only_at_a_terminal() -> None:
    for terminal, patience, shown in ((True, 0.0, True), (True, 60.0, False), (False, 0.0, False)):
        file = _Screen()
        with LateBar("正在导入", Console(file=file, force_terminal=terminal), patience) as bar:
            bar.step(1, 2)
            if shown:
                assert file.written.wait(10)
        assert ("正在导入" in file.getvalue()) is shown


class _Screen(io.StringIO):
    """A terminal that says when something was written on it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def write(self, text: str) -> int:
        size = super().write(text)
        if "正在导入" in text:
            self.written.set()
        return size


def test_who_stands_in_no_row_any_more_is_shown_and_leaves_only_when_somebody_says_so(
    bot: Say, registry: Database, tmp_path: Path
) -> None:
    both = [("姓名", "角色", "手机"), ("赵强", "联络员", "13900000001"),
            ("钱进", "联络员", "13900000002")]  # fmt: skip
    rest = firms(("甲", HENGYU), columns=("企业名称", "统一社会信用代码"))
    old = write(tmp_path / "旧.xlsx", rest | {"人员": both})
    new = write(tmp_path / "新.xlsx", rest | {"人员": [both[0], both[2]]})
    assert "没有的" not in bot("import", old)[1]
    said = bot("import", new)[1]
    assert "1 人：赵强" in said
    assert [person.has_left for person in load_known(registry).people] == [False, False]
    assert "已离岗 1 人：赵强" in bot("import", new, "--end")[1]
    known = load_known(registry).people
    assert {person.name: person.has_left for person in known} == {"赵强": True, "钱进": False}
    assert "赵强" not in bot("import", new)[1], "who has left is missed no more"
