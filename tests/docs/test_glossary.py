"""The glossary's words are those of the code and of the texts."""

import ast
import re

import pytest

from bot.core.issues.lifecycle import Move
from tests.conftest import ROOT
from tests.docs.papers import Row, read, rows

GLOSSARY = read("docs/glossary.md")
MOVES = GLOSSARY.split("## Moves of an issue")[1].split("\n## ")[0]
TERMS = [*rows(GLOSSARY)]
PRODUCT = ("bot", "handlers", "schedules", "storage")
SAID = "".join(
    path.read_text(encoding="utf-8")
    for folder in ("bot/texts", "bot/taxonomy")
    for path in sorted((ROOT / folder).rglob("*.toml"))
)


def _identifiers() -> set[str]:
    """Every name that the code defines or uses, in small letters with underscores."""
    found: set[str] = set()
    for folder in PRODUCT:
        for path in (ROOT / folder).rglob("*.py"):
            found |= {path.stem, path.parent.name}
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                        found.add(name)
                    case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                        found.add(name)
    return {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in found}


CODE = " ".join(sorted(_identifiers()))


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row[0])
def test_a_term_is_the_code_s_own_and_what_is_shown_is_shown(row: Row) -> None:
    term, shown, meaning = row
    assert re.search(rf"(?<![a-z0-9]){re.escape(term)}(e?s)?(?![a-z0-9])", CODE), term
    assert shown in SAID, f"{shown} is never said"
    assert meaning


def test_a_term_that_is_not_there_is_missed() -> None:
    assert not re.search(r"(?<![a-z0-9])pledge(e?s)?(?![a-z0-9])", CODE)


def test_a_term_has_one_meaning() -> None:
    moves = [*rows(MOVES)]
    terms = [row[0] for row in TERMS if row not in moves]
    assert sorted(set(terms)) == sorted(terms)


def test_every_move_of_an_issue_is_explained() -> None:
    assert sorted(row[0] for row in rows(MOVES)) == sorted(Move)
