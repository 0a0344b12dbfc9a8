"""`python -m bot check`: the doctor's findings, one line each."""

from itertools import chain

import typer

from bot.checkup import Finding, Mark, examine
from bot.checkup.channels import NEEDED, steps
from bot.clock import SystemClock
from bot.commands.terminal.words import REFUSED, fail, load_shipped_texts, say, words
from bot.core.messages import Line
from bot.settings import (
    Settings,
    SettingsError,
    config_path,
    list_missing_readers,
    list_old_names,
    load,
)


def check() -> None:
    given, marks = _settings(), set()
    old = (Finding(Mark.WARN, fault.notice) for fault in list_old_names())
    unread = (Finding(Mark.BAD, fault.notice) for fault in list_missing_readers())
    for finding in chain(old, unread, examine(given, config_path(), SystemClock().now())):
        marks.add(finding.mark)
        mark = load_shipped_texts(given.zone).format_value(finding.mark)
        line = load_shipped_texts(given.zone).format_value(finding.words)
        say(f"{mark} {line}")
    if Mark.BAD in marks:
        say(words("check.some_bad"))
        raise typer.Exit(REFUSED)
    say(words("check.some_warn") if Mark.WARN in marks else words("check.all_good"))


def _settings() -> Settings:
    """The settings, or the end of the command: every fault in words, and for a channel that lacks
    something how to get it."""
    try:
        return load()
    except SettingsError as error:
        lines = [fault.line for fault in error.faults]
        for name in NEEDED:
            if any(fault.key.startswith(f"channels.{name}.") for fault in error.faults):
                told = {"channel": Line(f"check.{name}_name"), "steps": steps(name)}
                lines.append(Line("cli.channel_steps", told))
        fail(words("cli.bad_settings", faults=tuple(lines)))
