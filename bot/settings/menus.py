"""The settings of an account's menu: what its buttons are called and what they say or open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from bot.core.messages import Line
from bot.settings.faults import Reason, because
from bot.settings.service_levels import Section


class LeafRow(Section):
    """A button that says a command, or opens a page."""

    name: str = Field(min_length=1)
    say: str = ""
    url: str = ""


class MenuRow(LeafRow):
    """A button of the first row; with `sub` it opens a second row and means nothing itself."""

    sub: tuple[LeafRow, ...] = ()


@dataclass(frozen=True)
class MenuLimits:
    """What a platform takes: bytes of UTF-8 of a name below the first row, and of an address."""

    below: int
    url: int


ROW, BELOW, NAME, SAY = 3, 5, 16, 128
"""Buttons in the first row and below one of them; bytes of a name there, and of what is said."""
WECHAT, WECOM = MenuLimits(below=60, url=1024), MenuLimits(below=40, url=256)
"""Source: both platforms' descriptions of menu/create."""


Broken = Iterator[tuple[str, Line]]


def find_menu_faults(key: str, rows: Sequence[MenuRow], limits: MenuLimits) -> Broken:
    """Keys and reasons of a menu that the platform would refuse."""
    if len(rows) > ROW:
        yield key, because(Reason.MENU_MANY, most=ROW, count=len(rows))
    for number, row in enumerate(rows, start=1):
        yield from _find_row_faults(f"{key}#{number}", row, limits)


def _find_row_faults(here: str, row: MenuRow, limits: MenuLimits) -> Broken:
    yield from _long(here, "name", row.name, NAME)
    if not row.sub:
        yield from _find_leaf_faults(here, row, limits)
        return
    if row.say or row.url:
        yield here, because(Reason.MENU_PARENT)
    if len(row.sub) > BELOW:
        yield f"{here}.sub", because(Reason.MENU_MANY, most=BELOW, count=len(row.sub))
    for number, leaf in enumerate(row.sub, start=1):
        yield from _long(f"{here}.sub#{number}", "name", leaf.name, limits.below)
        yield from _find_leaf_faults(f"{here}.sub#{number}", leaf, limits)


def _find_leaf_faults(here: str, leaf: LeafRow, limits: MenuLimits) -> Broken:
    if bool(leaf.say) == bool(leaf.url):
        yield here, because(Reason.MENU_LEAF)
    yield from _long(here, "say", leaf.say, SAY)
    yield from _long(here, "url", leaf.url, limits.url)
    if leaf.url and not leaf.url.startswith(("http://", "https://")):
        yield f"{here}.url", because(Reason.MENU_URL)


def _long(here: str, name: str, words: str, most: int) -> Broken:
    count = len(words.encode())
    if count > most:
        yield f"{here}.{name}", because(Reason.MENU_LONG, most=most, count=count)
