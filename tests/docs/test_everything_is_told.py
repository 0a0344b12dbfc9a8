"""What people may say, what the clock does and what the command line takes is in the papers."""

import re
from datetime import UTC, timedelta
from typing import Any

from typer.main import get_command

from bot import texts
from bot.__main__ import app
from bot.core.people import OWNERS, STAFF, Role
from handlers.routes import ROUTES
from schedules import TIMETABLE
from tests.docs.papers import quotes, read, rows

WORDS = texts.load(UTC)
WHO = {
    "所有人": frozenset(Role),
    "企业": frozenset({Role.CONTACT}),
    "承办人": OWNERS,
    "工作人员": STAFF,
    "部门": frozenset({Role.DEPARTMENT}),
    "专班": frozenset({Role.TASK_FORCE}),
    "领导": frozenset({Role.LEADER}),
    "值班台": frozenset({Role.OFFICE}),
}


def test_every_verb_is_told_with_its_words_and_whose_it_is() -> None:
    told = {
        tuple(quotes(words)): frozenset[Role]().union(*(WHO[name] for name in who.split("、")))
        for words, who, meaning in rows(read("docs/commands.md"))
        if meaning
    }
    there = {tuple(WORDS.words[f"commands.{route.verb}"].split()): route.who for route in ROUTES}
    assert told == there


def test_every_tick_is_told_with_its_time() -> None:
    told = [tuple(row[:3]) for row in rows(read("docs/timetable.md"))]
    there = [(f"`{entry.id}`", f"`{entry.cron}`", _format_span(entry.grace)) for entry in TIMETABLE]
    assert sorted(told) == sorted(there)


def _format_span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} 小时" if minutes % 60 == 0 else f"{minutes} 分钟"


def test_every_command_and_option_of_the_command_line_is_told() -> None:
    told = {
        re.split(r" (?=[A-Z[])", quotes(command)[0])[0]: {
            quote.split()[0] for quote in quotes(options)
        }
        for command, options, meaning in rows(read("docs/cli.md"))
        if meaning
    }
    assert told == _commands(get_command(app))


def _commands(command: Any, path: tuple[str, ...] = ()) -> dict[str, set[str]]:
    """The options of each command that does something, by its whole name."""
    if hasattr(command, "commands"):
        found: dict[str, set[str]] = {}
        for name, sub in command.commands.items():
            found |= _commands(sub, (*path, name))
        return found
    given = {option for param in command.params for option in param.opts if option[:2] == "--"}
    return {" ".join(path): given}
