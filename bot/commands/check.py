"""`python -m bot check`: the doctor's findings, one line each."""

import typer

from bot.checkup import Mark, examine
from bot.clock import SystemClock
from bot.commands.words import REFUSED, say, settings, shipped, words
from bot.settings import config_path


def check() -> None:
    given, marks = settings(), set()
    for finding in examine(given, config_path(), SystemClock().now()):
        marks.add(finding.mark)
        mark = shipped(given.zone).shown(finding.mark)
        line = shipped(given.zone).shown(finding.words)
        say(f"{mark} {line}")
    if Mark.BAD in marks:
        say(words("check.some_bad"))
        raise typer.Exit(REFUSED)
    say(words("check.some_warn") if Mark.WARN in marks else words("check.all_good"))
