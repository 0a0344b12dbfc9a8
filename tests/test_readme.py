"""The README and the pages it points to tell of all settings and commands, and of none other."""

import re

from bot.__main__ import app
from bot.settings import Settings
from tests.conftest import ROOT
from tests.docs.papers import list_settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}


def test_the_settings_table_is_complete_and_true() -> None:
    table = PAGES[ROOT / "docs" / "settings.md"].split("**改措辞**")[0]
    told = {key for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for key in row.split()}
    told = {key.strip("`") for key in told}
    # A span of time is one setting with parts.
    there = {re.sub(r"^(limits\.\w+|timetable)\..*", r"\1", key) for key in list_settings(Settings)}
    assert told == there


def test_the_commands_shown_are_there() -> None:
    commands = {command.name for command in app.registered_commands}
    commands |= {group.name for group in app.registered_groups}
    shown = set(re.findall(r"python -m bot (\w+)", "".join([README, *PAGES.values()])))
    assert shown <= commands
    assert len(shown) > 10


def test_every_page_is_pointed_to_and_every_link_leads_somewhere() -> None:
    linked: set[str] = set()
    for path, text in {ROOT / "README.md": README, **PAGES}.items():
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (path.parent / link).exists(), f"{path.name}: {link}"
            linked.add((path.parent / link).resolve().name)
    assert {path.name for path in PAGES} <= linked


def test_the_make_targets_named_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`(?:PORT=\d+ )?make (\w+)`", README)) <= targets


def test_the_first_screen_has_the_picture_and_both_commands() -> None:
    first = README.split("## 怎么用")[0]
    assert "make run" in first
    assert "make test" in first
    assert "docs/phones.png" in first
