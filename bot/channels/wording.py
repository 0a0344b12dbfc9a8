"""Puts a parcel's words into the shape a platform takes: options as lines, texts within a limit."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from storage.delivery.outbox import Parcel

Measure = Callable[[str], int]
GAP = "\n\n"
_JOINER = "\u200d"
_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Letters of which two make a flag."""
_TAGS = "".join(map(chr, range(0xE0020, 0xE0080)))
"""What spells out the flag of a region behind a black one."""


def utf8_bytes(text: str) -> int:
    """Length in bytes of UTF-8, as WeChat and WeCom count."""
    return len(text.encode("utf-8", "replace"))


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts: an emoji outside the first plane is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def with_options(parcel: Parcel) -> str:
    """The words with their options, one `1 …` line each."""
    lines = [f"{option['digit']} {option['label']}" for option in parcel.options]
    return "\n".join([parcel.text, *lines])


def merge_parcels(parcels: Sequence[Parcel]) -> str:
    """Several messages as one; only the last options keep their digits, being the ones in force."""
    last = max((n for n, parcel in enumerate(parcels) if parcel.options), default=-1)
    return GAP.join(
        with_options(parcel) if n == last else parcel.text
        for n, parcel in enumerate(parcels)
        if parcel.text
    )


def count_fitting(parcels: Sequence[Parcel], limit: int, measure: Measure) -> int:
    """How many parcels from the first on fit into one message; at least one."""
    count = 1
    while count < len(parcels) and measure(merge_parcels(parcels[: count + 1])) <= limit:
        count += 1
    return count


def split(text: str, limit: int, measure: Measure) -> list[str]:
    """Pieces within the limit, cut at line ends where possible. What people see as one character is
    never cut, nor a number, an address or a moment, nor a line with a deadline; unless one of them
    alone is longer than a piece."""
    pieces: list[str] = []
    rest = text
    while measure(rest) > limit:
        cut = _cut(rest, limit, measure)
        pieces.append(rest[:cut].rstrip("\n"))
        rest = rest[cut:].lstrip("\n")
    return [*pieces, rest]


def _cut(text: str, limit: int, measure: Measure) -> int:
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= limit else (low, middle - 1)
    line_end = text.rfind("\n", 0, low)
    if line_end > low // 2 or (line_end > 0 and _tells_deadline(text, line_end + 1, low)):
        return line_end
    cut = _before_whole(text, low)
    while cut > 1 and not _is_start(text, cut):
        cut -= 1
    return cut if cut > 1 else low


def _tells_deadline(text: str, start: int, cut: int) -> bool:
    """Whether the line that begins here and would be cut tells a deadline."""
    end = text.find("\n", cut)
    return bool(deadline().search(text, start, len(text) if end < 0 else end))


def _before_whole(text: str, cut: int) -> int:
    """The last place up to here that lies in nothing which has to stay whole."""
    line = text.rfind("\n", 0, cut) + 1
    for found in _whole().finditer(text, line):
        if found.start() >= cut:
            break
        if found.end() > cut and found.start() > 0:
            return found.start()
    return cut


@cache
def _patterns() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def deadline() -> re.Pattern[str]:
    """How a deadline reads."""
    return re.compile(_patterns()["deadline"])


@cache
def _whole() -> re.Pattern[str]:
    return re.compile("|".join([_patterns()["deadline"], *_patterns()["others"]]))


def _is_start(text: str, at: int) -> bool:
    """Whether a character as people see it begins here: no accent, tone or joined part of one."""
    mark = text[at] in _TONES or unicodedata.category(text[at]).startswith("M")
    if mark or text[at] in _TAGS or _JOINER in (text[at], text[at - 1]):
        return False
    flags = len(text[:at]) - len(text[:at].rstrip(_FLAGS))
    return text[at] not in _FLAGS or flags % 2 == 0
