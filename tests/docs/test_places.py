"""Every place in the code that a paper names is there: who reads it is never sent astray."""

import re

import pytest

from bot.settings import Settings
from tests.conftest import ROOT
from tests.docs.papers import is_there, list_settings, places, read, settings_named

PAPERS = [
    "README.md",
    "CONTRIBUTING.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_place_that_is_named_is_there(paper: str) -> None:
    assert [place for place in places(read(paper)) if not is_there(place)] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_setting_that_is_named_is_there(paper: str) -> None:
    known = {f"{key}." for key in list_settings(Settings)}
    named = settings_named(read(paper))
    assert [name for name in named if not any(key.startswith(f"{name}.") for key in known)] == []


def test_a_setting_is_found_by_its_name() -> None:
    assert settings_named("the settings `a.b`, `c_d`; 设置 `e.*`、`f`") == ["a.b", "c_d", "e", "f"]


def test_the_papers_name_places() -> None:
    assert len(places(read("docs/architecture.md"))) > 80
    assert len(places(read("CONTRIBUTING.md"))) > 30


@pytest.mark.parametrize(
    "place",
    [
        "bot/app.py:App",
        "bot/app.py:App.start",
        "bot/core/issues/lifecycle.py:RULES",
        "bot/core/messages.py:Incoming.sender",
        "bot/texts/zh_CN/commands.toml:commands.accept",
        "handlers/",
        "pyproject.toml",
    ],
)
def test_a_place_is_found(place: str) -> None:
    assert is_there(place)


@pytest.mark.parametrize(
    "place",
    [
        "bot/appe.py",
        "bot/app.py:Appe",
        "bot/app.py:App.begin",
        "bot/texts/zh_CN/commands.toml:commands.acept",
        "docs/board.png:App",
    ],
)
def test_a_place_that_is_not_there_is_missed(place: str) -> None:
    assert places(f"see `{place}`") == [place]
    assert not is_there(place)


def test_every_decision_is_listed_under_its_number_and_has_its_parts() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    listed = read("docs/decisions/README.md")
    numbers = [page.name.split("-")[0] for page in pages]
    assert len(set(numbers)) == len(numbers) > 20
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:3]} "), page.name
        title = text.splitlines()[0].removeprefix(f"# {page.name[:3]} ")
        assert f"- [{page.name[:3]} {title}]({page.name})" in listed
        for part in ("Context", "Decision", "Consequences"):
            assert f"\n## {part}\n" in text, f"{page.name}: no {part}"


@pytest.mark.parametrize("paper", PAPERS)
def test_every_link_leads_somewhere(paper: str) -> None:
    folder = (ROOT / paper).parent
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", read(paper))
    assert [link for link in links if not (folder / link).exists()] == []
