"""Lays a letter out as WeCom messages: cards for choices, texts of at most 2048 bytes, pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.base import Letter
from bot.channels.tencent.letters import Sheet, cut, enclosure
from bot.channels.tencent.xml_text import printable
from bot.channels.wecom.cards import card
from bot.channels.wecom.markdown import LISTS, render_markdown
from bot.channels.wording import with_options
from storage.delivery.outbox import Parcel
from storage.media.files import PAPERS

_MB = 1024 * 1024
_FILES = ("audio/mpeg", "audio/ogg", "video/webm", "image/gif", "image/webp", "image/heic")
KINDS = {
    **dict.fromkeys((*_FILES, "application/pdf", "application/zip", *PAPERS), "file"),
    **dict.fromkeys(("image/jpeg", "image/png"), "image"),
    "audio/amr": "voice",
    "video/mp4": "video",
}
"""What the platform calls each type; what it does not show it hands on as a file."""
MOST = {"image": 10 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "file": 20 * _MB}
"""Bytes of each (the platform's document on temporary media)."""


@dataclass(frozen=True)
class CardSheet(Sheet):
    """A message with buttons."""

    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MarkedSheet(Sheet):
    """A list in the platform's markdown."""


def sheets(letter: Letter, *, cards: bool = True, markdown: bool = True) -> list[Sheet]:
    """The messages that make up the letter, in order; choices as cards and lists in markdown where
    these are read."""
    return [
        sheet
        for place, parcel in enumerate(letter.parcels)
        for sheet in _build_parcel_sheets(letter, parcel, place, cards=cards, markdown=markdown)
    ]


def _build_parcel_sheets(
    letter: Letter, parcel: Parcel, place: int, *, cards: bool, markdown: bool
) -> Iterator[Sheet]:
    listed = markdown and parcel.kind in LISTS and not parcel.options and not parcel.media_id
    if listed and (words := render_markdown(printable(parcel.text))):
        yield MarkedSheet(words, done=place + 1)
        return
    enclosed = enclosure(parcel, letter.files, KINDS, place)
    count = 0 if enclosed else 1
    carded = card(parcel) if cards else None
    if carded:
        yield CardSheet(done=place + count, card=carded)
    elif text := printable(_text(letter, parcel, place)):
        yield from cut(text, place, count)
    if enclosed:
        yield enclosed


def _text(letter: Letter, parcel: Parcel, place: int) -> str:
    """With the options as lines, unless a later message of the letter takes the digits over."""
    overtaken = any(later_parcel.options for later_parcel in letter.parcels[place + 1 :])
    return parcel.text if overtaken else with_options(parcel)
