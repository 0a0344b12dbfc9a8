"""A digit means a line of the menu that is pending in this thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.messages import Option
from bot.core.reading import choice
from handlers.dispatch.turn import Reply, Turn
from storage.delivery import threads

CROSSED = timedelta(seconds=20)
"""A card pushed so shortly before a digit may not have been read: the digit may be for the one
before it."""


@dataclass(frozen=True)
class Picked:
    """What a digit stands for: a command, and the picture that goes with it."""

    command: str
    media_id: int | None = None


def read_choice(turn: Turn) -> Picked | Reply | None:
    """What a digit stands for, a question which menu is meant, or None for no digit."""
    digit = choice(turn.text)
    if digit is None:
        return None
    menu = _find_pending_menu(turn, turn.thread.menu)
    if menu is None:
        return Reply((turn.me("menu.none", {"digit": digit}),), turn.thread.issue_id)
    picked = _find_choice(menu, digit)
    if picked is None:
        return Reply((turn.me("menu.no_line", {"digit": digit}),), turn.thread.issue_id)
    earlier = _find_earlier_choice(turn, menu, digit)
    if earlier:
        options = [_option(candidate) for candidate in (earlier, picked)]
        return Reply((turn.me("menu.which", {"digit": digit}, options),))
    threads.change(turn.db, turn.thread.id, menu=None, menu_before=None)
    return picked


def _option(one: Picked) -> Option:
    told = {"command": one.command}
    return Option("options.command", one.command, told, media_id=one.media_id)


def _find_pending_menu(turn: Turn, menu: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if menu is None or datetime.fromisoformat(menu["until"]) < turn.now:
        return None
    return menu


def _find_choice(menu: Mapping[str, Any], digit: int) -> Picked | None:
    command: str | None = menu["options"].get(str(digit))
    return Picked(command, menu.get("media", {}).get(str(digit))) if command else None


def _find_earlier_choice(turn: Turn, menu: Mapping[str, Any], digit: int) -> Picked | None:
    """What the menu before meant, when the newer card was pushed a moment ago."""
    before = _find_pending_menu(turn, turn.thread.menu_before)
    if before is None or menu["answer"] or before["issue"] in (None, menu["issue"]):
        return None
    shown = datetime.fromisoformat(menu["at"])
    if turn.incoming.sent_at > shown + CROSSED:
        return None
    return _find_choice(before, digit)
