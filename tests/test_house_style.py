"""The rules of the house that no linter knows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.texts.wording import FOLDERS

CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
"""Ideographs; punctuation alone is no word."""
LONGEST_FILE = 300
"""Lines; beyond it a file is split by noun."""
PARTICIPLES = frozenset(
    [
        "begun",
        "bent",
        "bought",
        "bound",
        "broken",
        "brought",
        "built",
        "caught",
        "chosen",
        "dealt",
        "done",
        "drawn",
        "driven",
        "eaten",
        "fallen",
        "fed",
        "felt",
        "forgotten",
        "found",
        "frozen",
        "given",
        "gone",
        "got",
        "grown",
        "heard",
        "held",
        "hidden",
        "hung",
        "kept",
        "known",
        "laid",
        "led",
        "left",
        "lent",
        "lost",
        "made",
        "meant",
        "met",
        "misspelt",
        "paid",
        "ridden",
        "risen",
        "said",
        "seen",
        "sent",
        "shown",
        "sought",
        "spent",
        "spoken",
        "spread",
        "stolen",
        "stood",
        "struck",
        "stuck",
        "swept",
        "sworn",
        "taken",
        "taught",
        "thought",
        "thrown",
        "told",
        "took",
        "torn",
        "understood",
        "undone",
        "unsaid",
        "withdrawn",
        "woken",
        "won",
        "worn",
        "written",
    ]
)
"""Those that end in neither -ed nor -ing."""
NO_PARTICIPLES = frozenset(
    [
        "bleed",
        "bring",
        "during",
        "embed",
        "everything",
        "exceed",
        "feed",
        "king",
        "need",
        "proceed",
        "ring",
        "seed",
        "sing",
        "speed",
        "spring",
        "thing",
    ]
)


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
    """`helpers` are people who help with an issue (协办), `services` what a web page may use."""
    empty = re.compile(r"(utils?|helpers?|managers?|services?|misc|common)$")
    meant = {"handlers/issues/helpers.py", "storage/issues/helpers.py", "bot/web/services.py"}
    found = {str(path.relative_to(ROOT)) for path in sources() if empty.search(path.stem)}
    assert found == meant


def test_nothing_is_left_to_do() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
    for path in sources(*FOLDERS, "tests"):
        if path != Path(__file__):
            found = left.search(path.read_text(encoding="utf-8"))
            assert not found, f"{path}: {found}"


def test_every_part_of_the_bot_has_its_floor() -> None:
    """The layers name each folder and module of `bot/`: a stray one would be bound by nothing."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers, *_ = pyproject["tool"]["importlinter"]["contracts"]
    named = {name for layer in layers["layers"] for name in re.findall(r"bot\.(\w+)", layer)}
    there = {path.stem for path in (ROOT / "bot").iterdir() if path.suffix == ".py"}
    there |= {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert named == there - {"__init__"}


def test_no_module_lies_loose_in_the_bot() -> None:
    loose = {path.stem for path in (ROOT / "bot").glob("*.py")}
    assert loose == {"__init__", "__main__", "app", "clock", "logs"}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno


def begins_with_a_participle(name: str) -> bool:
    first = name.strip("_").split("_")[0]
    if name.startswith("__") or first in NO_PARTICIPLES:
        return False
    return first in PARTICIPLES or re.fullmatch(r"\w{2,}(ed|ing)", first) is not None


@pytest.mark.parametrize("name", ["told", "_shown", "kept_rows", "heard", "listed", "_counting"])
def test_a_participle_is_known_as_one(name: str) -> None:
    assert begins_with_a_participle(name)


@pytest.mark.parametrize("name", ["tell_unread", "feed", "exceeds", "__add__", "is_shown", "bring"])
def test_a_verb_is_no_participle(name: str) -> None:
    assert not begins_with_a_participle(name)


def test_a_function_says_what_it_does() -> None:
    """A verb and its object, as in the field: `format_line`, not `told`."""
    found = [
        f"{format_place(path, line)} {name}"
        for path in sources()
        for name, line in functions(path)
        if begins_with_a_participle(name)
    ]
    assert found == []


def test_a_loop_says_what_it_holds() -> None:
    found = [
        format_place(path, node.target.lineno)
        for path in sources(*FOLDERS, "tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension)
        and any(isinstance(name, ast.Name) and name.id == "one" for name in ast.walk(node.target))
    ]
    assert found == []


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
