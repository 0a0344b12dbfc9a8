"""The rules of the house that no linter knows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.wording import FOLDERS

CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
"""Ideographs; punctuation alone is no word."""
LONGEST_FILE = 300
"""Lines; beyond it a file is split by noun."""


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders or FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def format_place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def literals(path: Path) -> Iterator[tuple[str, int]]:
    """Every string that is no docstring and no explanation under a constant."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value, node.lineno


def test_chinese_words_are_in_the_wording_file_only() -> None:
    found = [
        f"{format_place(path, line)} {text!r}"
        for path in sources()
        for text, line in literals(path)
        if CHINESE.search(text)
    ]
    assert found == []


def test_only_the_clock_reads_the_time() -> None:
    """`datetime.now`, `utcnow`, `today` and `time.time` outside bot/clock.py."""
    found = [
        format_place(path, node.lineno)
        for path in sources()
        if path != ROOT / "bot" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and re.fullmatch(
            r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|monotonic)",
            ast.unparse(node),
        )
    ]
    assert found == []


def test_a_module_opens_with_one_sentence() -> None:
    for path in sources(*FOLDERS, "tests"):
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert told, f"{path}: says nothing"


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_module_has_a_name_without_meaning() -> None:
    empty = re.compile(r"(utils?|helpers?|managers?|services?|misc|common)$")
    assert [path for path in sources() if empty.search(path.stem)] == []


def test_nothing_is_left_to_do() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
    for path in sources(*FOLDERS, "tests"):
        if path != Path(__file__):
            found = left.search(path.read_text(encoding="utf-8"))
            assert not found, f"{path}: {found}"


def test_the_layers_in_the_two_lists_are_the_same() -> None:
    """One contract names the bot's modules among the other folders, one checks that none is
    missing: import-linter can do both only apart."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    whole, inside, _core = pyproject["tool"]["importlinter"]["contracts"]
    named = [re.findall(r"bot\.(\w+)", layer) for layer in whole["layers"]]
    assert [layer for layer in named if layer] == [
        re.findall(r"\w+", layer) for layer in inside["layers"]
    ]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_versions_and_hashes_and_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[\w.\-]+(\[[\w,\-]+\])?==\S+", package), package
        assert "--hash=sha256:" in package, package


def test_both_locks_agree() -> None:
    def versions(lock: str) -> set[str]:
        text = (ROOT / lock).read_text(encoding="utf-8")
        return set(re.findall(r"^([\w.\-]+==[^\s;]+)", text, re.MULTILINE))

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


def test_every_package_that_is_asked_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        "requirements.lock": project["dependencies"],
        "requirements-dev.lock": project["optional-dependencies"]["dev"],
    }
    for lock, packages in wanted.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        locked = set(re.findall(r"^([\w.\-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE))
        names = {re.split(r"[\[<>=~!; ]", package)[0].lower() for package in packages}
        assert names <= locked, names - locked
