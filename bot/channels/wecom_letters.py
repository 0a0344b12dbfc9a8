"""Lays a letter out as WeCom messages: cards for choices, texts of at most 2048 bytes, pictures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels import Letter
from bot.channels.wechat_letters import Sheet, cut, enclosure
from bot.channels.wechat_xml import printable
from bot.channels.wecom_cards import card
from bot.channels.wording import with_options
from storage.outbox import Parcel

KINDS = {"image": "image", "audio": "voice", "video": "video"}
"""What the first part of a MIME type is called by the platform."""


@dataclass(frozen=True)
class CardSheet(Sheet):
    """A message with buttons."""

    card: Mapping[str, Any] = field(default_factory=dict)


def sheets(letter: Letter) -> list[Sheet]:
    """The messages that make up the letter, in order."""
    return [
        sheet
        for place, parcel in enumerate(letter.parcels)
        for sheet in _laid(letter, parcel, place)
    ]


def _laid(letter: Letter, parcel: Parcel, place: int) -> Iterator[Sheet]:
    enclosed = enclosure(parcel, letter.files, KINDS, place)
    count = 0 if enclosed else 1
    carded = card(parcel)
    if carded:
        yield CardSheet(done=place + count, card=carded)
    elif text := printable(_text(letter, parcel, place)):
        yield from cut(text, place, count)
    if enclosed:
        yield enclosed


def _text(letter: Letter, parcel: Parcel, place: int) -> str:
    """With the options as lines, unless a later message of the letter takes the digits over."""
    overtaken = any(one.options for one in letter.parcels[place + 1 :])
    return parcel.text if overtaken else with_options(parcel)
