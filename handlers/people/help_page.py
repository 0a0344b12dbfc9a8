"""Somebody does not know what to say."""

from collections.abc import Sequence

from bot.core.messages import Line
from bot.core.people import Role
from handlers.dispatch.turn import Reply, Turn


def show_help(turn: Turn, verbs: Sequence[str]) -> Reply:
    """`帮助`: a line for each thing this person may say."""
    if turn.role is Role.CONTACT and _is_only_marks(turn.text):
        return Reply((turn.me("help.hint"),))
    lines = tuple(Line(f"help.{verb}", {"word": turn.texts.command(verb)}) for verb in verbs)
    key = "help.contact" if turn.role is Role.CONTACT else "help.staff"
    return Reply((turn.me(key, {"lines": lines, "phone": turn.park.phone}),))


def _is_only_marks(text: str) -> bool:
    """`?`: somebody wonders; a page of commands is no answer to that."""
    return bool(text.strip()) and not any(char.isalnum() for char in text)
