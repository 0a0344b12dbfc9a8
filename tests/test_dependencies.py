"""What the source imports is declared in `pyproject.toml`; what is declared is used."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions

from tests.conftest import ROOT
from tests.texts.wording import FOLDERS, modules

USED_UNSEEN = {
    # package: who uses it
    "psycopg": "SQLAlchemy, for a postgresql:// address",
    "python-multipart": "Starlette, for forms",
}


def find_imports() -> Iterator[tuple[str, str]]:
    """The first name of every absolute import of the source, and the file it stands in."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            yield from ((name.split(".")[0], str(module.path)) for name in names)


def read_declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {normalize(re.split(r"[\[<>=]", line)[0]) for line in project["dependencies"]}


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def find_imported() -> dict[str, str]:
    """The packages that the source imports, and a file that does."""
    packages = packages_distributions()
    found = {}
    for name, file in find_imports():
        if name not in sys.stdlib_module_names and name not in FOLDERS:
            for package in packages[name]:
                found[normalize(package)] = file
    return found


def test_what_is_imported_is_declared() -> None:
    part_of = {"pydantic-core": "pydantic"}  # which names the one version that fits
    missing = {
        package: file
        for package, file in find_imported().items()
        if part_of.get(package, package) not in read_declared()
    }
    assert missing == {}


def test_what_is_declared_is_used() -> None:
    assert read_declared() - set(find_imported()) == set(USED_UNSEEN)
