"""A digit means a line of the menu that is pending in this thread."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.core.messages import Option
from bot.core.reading import choice
from handlers.turn import Reply, Turn
from storage import threads

CROSSED = timedelta(seconds=20)
"""A card pushed so shortly before a digit may not have been read: the digit may be for the one
before it."""


def chosen(turn: Turn) -> str | Reply | None:
    """The command that a digit stands for, a question which menu is meant, or None for no digit."""
    digit = choice(turn.text)
    if digit is None:
        return None
    menu = _pending(turn, turn.thread.menu)
    if menu is None:
        return Reply((turn.me("menu.none", {"digit": digit}),), turn.thread.issue_id)
    command = _command(menu, digit)
    if command is None:
        return Reply((turn.me("menu.no_line", {"digit": digit}),), turn.thread.issue_id)
    earlier = _crossed(turn, menu, digit)
    if earlier:
        options = [Option("options.command", one, {"command": one}) for one in (earlier, command)]
        return Reply((turn.me("menu.which", {"digit": digit}, options),))
    threads.change(turn.db, turn.thread.id, menu=None, menu_before=None)
    return command


def _pending(turn: Turn, menu: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if menu is None or datetime.fromisoformat(menu["until"]) < turn.now:
        return None
    return menu


def _command(menu: Mapping[str, Any], digit: int) -> str | None:
    command: str | None = menu["options"].get(str(digit))
    return command


def _crossed(turn: Turn, menu: Mapping[str, Any], digit: int) -> str | None:
    """The command of the menu before, when the newer card was pushed a moment ago."""
    before = _pending(turn, turn.thread.menu_before)
    if before is None or menu["answer"] or before["issue"] in (None, menu["issue"]):
        return None
    shown = datetime.fromisoformat(menu["at"])
    if turn.incoming.sent_at > shown + CROSSED:
        return None
    return _command(before, digit)
