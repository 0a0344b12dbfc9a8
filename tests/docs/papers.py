"""Reads the papers: their tables, the words in backticks, the places in the code that they name."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tests.conftest import ROOT

FOLDERS = ("bot", "handlers", "schedules", "storage", "tests", "docs")
PLACE = re.compile(
    rf"((?:{'|'.join(FOLDERS)})/[\w./-]*|[\w-]+\.(?:toml|lock|md)|Makefile)(?::([\w.]+))?"
)
"""`file` or `file:name`: a function, a class, a constant, `Class.member`, or a key of a TOML."""
Row = tuple[str, ...]


def read(name: str) -> str:
    """A paper by its name from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def quotes(text: str) -> list[str]:
    """What stands in backticks, outside of blocks."""
    return re.findall(
        r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    )


def rows(text: str) -> Iterator[Row]:
    """The cells of all table rows but the heads."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        head = number + 1 < len(lines) and re.match(r"\|[-| ]+\|$", lines[number + 1])
        if line.startswith("|") and not head and not re.match(r"\|[-| ]+\|$", line):
            yield tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])


def places(text: str) -> list[str]:
    """The places in the project that a paper names."""
    return [quote for quote in quotes(text) if PLACE.fullmatch(quote)]


def settings_named(text: str) -> list[str]:
    """The settings that a paper names as such: `setting `a.b``, `设置 `a.*``."""
    found = re.findall(r"(?:settings?|设置) ?((?:`[a-z_.*]+`(?:, |、| and )?)+)", text)
    return [name.removesuffix(".*") for names in found for name in quotes(names)]


def list_settings(model: type[BaseModel], before: str = "") -> set[str]:
    """The dotted keys of all settings; lists and tables with free names count as one."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        section = isinstance(kind, type) and issubclass(kind, BaseModel)
        found |= list_settings(kind, f"{before}{name}.") if section else {before + name}
    return found


def is_there(place: str) -> bool:
    """Whether a place exists: the file, and in it the name."""
    found = PLACE.fullmatch(place)
    assert found, place
    path = ROOT / found[1]
    if not path.exists():
        return False
    return found[2] is None or found[2] in _names(path)


@cache
def _names(path: Path) -> frozenset[str]:
    if path.suffix == ".toml":
        return frozenset(_keys(tomllib.loads(path.read_text(encoding="utf-8"))))
    if path.suffix != ".py":
        return frozenset()
    return frozenset(_definitions(ast.parse(path.read_text(encoding="utf-8")).body))


def _keys(tree: object, before: str = "") -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield before + key
            yield from _keys(value, f"{before}{key}.")


def _definitions(body: list[ast.stmt], before: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield before + node.name
        elif isinstance(node, ast.ClassDef):
            yield before + node.name
            yield from _definitions(node.body, f"{before}{node.name}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (before + name.id for name in names if isinstance(name, ast.Name))
