"""Reads from the source which words it uses, and with which values."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from tests.conftest import ROOT

Node = TypeVar("Node", bound=ast.AST)
FOLDERS = ("bot", "handlers", "schedules", "storage")
PREFIXED = {"option": "options.", "_words": "phones."}
"""Calls whose first argument is the rest of a key."""
TAKES = {
    # call: where its key stands, where its values stand (None: they are its keywords)
    "Say": (1, 2),
    "Line": (0, 1),
    "me": (0, 1),
    "render": (0, 1),
    "Option": (0, 2),
    "Refused": (0, None),
    "Overtaken": (0, None),
    "words": (0, None),
    "finding": (1, None),
}


@dataclass(frozen=True)
class Use:
    """One call that prints words: their key, the names of the values given, and whether these
    names are all that is given and given to these words alone."""

    key: str
    given: frozenset[str]
    complete: bool
    own: bool
    where: str


@dataclass(frozen=True)
class Module:
    """One file of the source."""

    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    def at(self, node: ast.expr) -> str:
        return f"{self.path.relative_to(ROOT)}:{node.lineno}"

    def constants(self) -> Iterator[tuple[str, str]]:
        """Every whole string and where it stands."""
        parts = {id(part) for node in self._all(ast.JoinedStr) for part in node.values}
        for node in self._all(ast.Constant):
            if isinstance(node.value, str) and id(node) not in parts:
                yield node.value, self.at(node)
        for call in self._calls():
            prefix = PREFIXED.get(_name(call))
            if prefix and call.args and isinstance(call.args[0], ast.Constant):
                yield f"{prefix}{call.args[0].value!s}", self.at(call)

    def menu_labels(self) -> Iterator[str]:
        """What a menu made in a loop over verbs may print: the strings of a file that has one."""
        loops = (call for call in self._calls() if _name(call) == "option" and call.args)
        if any(isinstance(call.args[0], ast.Name) for call in loops):
            yield from (f"options.{value}" for value, _ in self.constants())

    def list_suffixed_keys(self) -> Iterator[str]:
        """A key of this file with an ending, as `{key}_two` makes it."""
        endings = [pattern[2:] for pattern, _ in self.patterns() if re.match(r"\{\}_\w+$", pattern)]
        for value, _ in self.constants():
            yield from (value + ending for ending in endings)

    def patterns(self) -> Iterator[tuple[str, str]]:
        """Every string with gaps, as `needs.{}`, and where it stands."""
        for node in self._all(ast.JoinedStr):
            yield _pattern(node), self.at(node)
        for call in self._calls():
            prefix = PREFIXED.get(_name(call))
            if prefix and call.args and isinstance(call.args[0], ast.JoinedStr):
                yield prefix + _pattern(call.args[0]), self.at(call)

    def uses(self) -> Iterator[Use]:
        """The calls whose key is written out."""
        for function in self._all(ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _name(node) in TAKES and not _is_typer(node):
                    yield from self._use(node, function)

    def _use(self, call: ast.Call, function: ast.AST) -> Iterator[Use]:
        at, values_at = TAKES[_name(call)]
        key = call.args[at] if len(call.args) > at else None
        for option in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
            if not isinstance(option, ast.Constant) or not isinstance(option.value, str):
                continue
            if values_at is None:
                names = {keyword.arg for keyword in call.keywords if keyword.arg}
                complete, own = all(keyword.arg for keyword in call.keywords), option is key
            else:
                values = _argument(call, values_at, "values")
                names, complete = Reader(self.path, function).names(values)
                own = isinstance(values, ast.Dict) and None not in values.keys and option is key
            yield Use(option.value, frozenset(names), complete, own, self.at(call))

    def _calls(self) -> Iterator[ast.Call]:
        yield from self._all(ast.Call)

    def _all(self, *kinds: type[Node]) -> Iterator[Node]:
        for node in ast.walk(self.tree):
            if isinstance(node, kinds):
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Every file of the source, without the tests."""
    paths = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(Module(path) for path in paths)


def placeholders(words: str) -> set[str]:
    """The names of the values that some words need."""
    fields = (field for _, field, _, _ in string.Formatter().parse(words) if field is not None)
    return {re.split(r"[.\[]", field)[0] for field in fields}


@cache
def find_returned_keys(path: Path) -> Mapping[str, frozenset[str]]:
    """The keys of the dictionary that a function writes out and returns, by the function's name;
    one of the same file hides those of others."""
    mine = {name: keys for file, name, keys in _scan_returned_keys() if file == path}
    return {name: keys for _, name, keys in _scan_returned_keys()} | mine


@cache
def _scan_returned_keys() -> tuple[tuple[Path, str, frozenset[str]], ...]:
    found = []
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
                value = node.body[-1].value
                names, complete = Reader(module.path, node, follow=False).names(value)
                if isinstance(value, ast.Dict) and complete:
                    found.append((module.path, node.name, frozenset(names)))
    return tuple(found)


@dataclass(frozen=True)
class Reader:
    """Reads dictionaries inside one function, as far as they can be read without running it."""

    path: Path
    function: ast.AST
    follow: bool = True

    def names(self, values: ast.expr | None) -> tuple[set[str], bool]:
        """The keys, and whether that is all of them."""
        if values is None:
            return set(), True
        if isinstance(values, ast.Dict):
            return self._read_dict_keys(values)
        if (
            self.follow
            and isinstance(values, ast.Call)
            and _name(values) in find_returned_keys(self.path)
        ):
            return set(find_returned_keys(self.path)[_name(values)]), True
        given = self._find_assigned_value(values.id) if isinstance(values, ast.Name) else None
        return self.names(given) if self.follow and given is not None else (set(), False)

    def _read_dict_keys(self, values: ast.Dict) -> tuple[set[str], bool]:
        names: set[str] = set()
        complete = True
        for key, value in zip(values.keys, values.values, strict=True):
            if key is None:
                more, whole = self.names(value)
                names |= more
                complete &= whole
            elif isinstance(key, ast.Constant):
                names.add(str(key.value))
            else:
                complete = False
        return names, complete

    def _find_assigned_value(self, name: str) -> ast.expr | None:
        """What a local name stands for, where it is given only once and not changed."""
        found = [
            node.value
            for node in ast.walk(self.function)
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        ]
        changed = any(
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and ast.unparse(node.value) == name
            for node in ast.walk(self.function)
        )
        return found[0] if len(found) == 1 and not changed else None


def _argument(call: ast.Call, at: int, name: str) -> ast.expr | None:
    by_name = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return by_name or (call.args[at] if len(call.args) > at else None)


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_typer(call: ast.Call) -> bool:
    return ast.unparse(call.func).startswith("typer.")


def _pattern(node: ast.JoinedStr) -> str:
    parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return "".join(parts)
