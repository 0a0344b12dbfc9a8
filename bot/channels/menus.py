"""The menu under a platform's chat: what is usual, how the platform words it, how two differ."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from bot.core.reading import fold
from bot.settings.menus import LeafRow, MenuRow
from bot.texts import Texts

Wire = list[dict[str, Any]]
Usual = Sequence[str | tuple[str, Sequence[str]]]
"""Verbs; a pair is a button with others below it, by the key of its name."""
FOR_FIRMS: Usual = (
    "mine",
    ("menus.session", ("session", "sign_up", "agenda", "minutes", "stay_away")),
    ("menus.more", ("progress", "human", "help")),
)
FOR_STAFF: Usual = ("todo", "firms", ("menus.more", ("absence", "agenda", "help")))
SLASHES = ("todo", "mine", "progress", "firms", "agenda", "absence", "human", "help")
"""What Telegram lists when a person types a slash; who is whom it cannot tell."""


def usual(verbs: Usual, texts: Texts) -> tuple[MenuRow, ...]:
    """The menu of a park that has none of its own."""
    return tuple(_row(entry, texts) for entry in verbs)


def _row(one: str | tuple[str, Sequence[str]], texts: Texts) -> MenuRow:
    if isinstance(one, str):
        return MenuRow(name=texts.command(one), say=texts.command(one))
    name, below = one
    words = (texts.command(verb) for verb in below)
    return MenuRow(name=texts.render(name), sub=tuple(LeafRow(name=w, say=w) for w in words))


def mute(rows: Sequence[MenuRow], texts: Texts) -> list[str]:
    """What buttons say that is no command: tapping them would do nothing."""
    leaves = (leaf for row in rows for leaf in (row.sub or (row,)))
    return [button.say for button in leaves if button.say and not _is_command(button.say, texts)]


def _is_command(say: str, texts: Texts) -> bool:
    words = fold(say).lower()
    return words in texts.commands or words.split()[0] in texts.commands


def wire(rows: Sequence[MenuRow]) -> Wire:
    """The menu as WeChat and WeCom take it."""
    return [
        {"name": row.name, "sub_button": [_leaf(leaf) for leaf in row.sub]}
        if row.sub
        else _leaf(row)
        for row in rows
    ]


def _leaf(leaf: LeafRow) -> dict[str, Any]:
    if leaf.url:
        return {"type": "view", "name": leaf.name, "url": leaf.url}
    return {"type": "click", "name": leaf.name, "key": leaf.say}


def lines(buttons: Wire) -> Iterator[str]:
    """The menu as people read it, a button a line."""
    for button in buttons:
        below = button.get("sub_button") or []
        if not below:
            yield _line(button)
        for leaf in below:
            yield f"{button['name']} > {_line(leaf)}"


def _line(button: dict[str, Any]) -> str:
    meant = button.get("url") or button.get("key") or button.get("type", "")
    return button["name"] if meant == button["name"] else f"{button['name']} → {meant}"


def difference(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What goes (`-`), what comes (`+`), what stays."""
    return [line for line in difflib.ndiff(before, after) if not line.startswith("?")]
