"""Every module that reads issues keeps to the one rule of who may see sealed ones, or says why it
need not; so that a new reader cannot forget it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

RULE = "storage.issues.access"
FREE = {
    "storage/issues/access.py": "is the rule",
    "storage/chain/sources.py": "keeps hashes, and of issues no words at all",
    "storage/delivery/subjects.py": "tells letters about an issue that have passed the last gate",
    "storage/delivery/timeline.py": "shows the demo's stage: a number and how far it has come",
    "storage/sessions/promises.py": "asks only whether all issues of a promise were withdrawn",
    "storage/issues/numbers.py": "finds within the scope that it is given",
    "storage/issues/sealing.py": "writes what is sealed",
}
"""Modules that read the table without asking the rule."""


def test_every_reader_of_issues_asks_the_rule_or_is_named_here() -> None:
    reading = {
        name for name, tree in _modules() if _imports(tree, "storage.tables.issues", "issues")
    }
    asking = {name for name, tree in _modules() if _asks(tree)}
    assert len(reading) > 15
    assert reading - asking - FREE.keys() == set()
    assert FREE.keys() - reading == set()


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(Path(ROOT / "storage").rglob("*.py")):
        if "migrations" not in path.parts and "tables" not in path.parts:
            name = path.relative_to(ROOT).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module, module: str, what: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == module
        and any(alias.name == what for alias in node.names)
        for node in ast.walk(tree)
    )


def _asks(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and (
            node.module == RULE
            or (node.module == "storage.issues" and any(a.name == "access" for a in node.names))
        )
        for node in ast.walk(tree)
    )
