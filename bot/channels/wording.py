"""Puts a parcel's words into the shape a platform takes: options as lines, texts within a limit."""

import string
import unicodedata
from collections.abc import Callable, Sequence

from storage.outbox import Parcel

Measure = Callable[[str], int]
GAP = "\n\n"
_WORD = string.ascii_letters + string.digits + "-"
_JOINER = "\u200d"
_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Letters of which two make a flag."""


def utf8_bytes(text: str) -> int:
    """Length in bytes of UTF-8, as WeChat and WeCom count."""
    return len(text.encode("utf-8", "replace"))


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts: an emoji outside the first plane is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def with_options(parcel: Parcel) -> str:
    """The words with their options, one `1 …` line each."""
    lines = [f"{one['digit']} {one['label']}" for one in parcel.options]
    return "\n".join([parcel.text, *lines])


def merged(parcels: Sequence[Parcel]) -> str:
    """Several messages as one; only the last options keep their digits, being the ones in force."""
    last = max((n for n, one in enumerate(parcels) if one.options), default=-1)
    return GAP.join(
        with_options(one) if n == last else one.text for n, one in enumerate(parcels) if one.text
    )


def fitting(parcels: Sequence[Parcel], limit: int, measure: Measure) -> int:
    """How many parcels from the first on fit into one message; at least one."""
    count = 1
    while count < len(parcels) and measure(merged(parcels[: count + 1])) <= limit:
        count += 1
    return count


def split(text: str, limit: int, measure: Measure) -> list[str]:
    """Pieces within the limit, cut at line ends where possible; no character or number is cut."""
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
    if line_end > low // 2:
        return line_end
    # An issue's number or a phone number that is cut in two can be neither read nor typed.
    word_start = len(text[:low].rstrip(_WORD))
    cut = word_start if text[low] in _WORD and word_start > low // 2 else low
    while cut > low // 2 and not _is_start(text, cut):
        cut -= 1
    return cut


def _is_start(text: str, at: int) -> bool:
    """Whether a character as people see it begins here: no accent, tone or joined part of one."""
    mark = text[at] in _TONES or unicodedata.category(text[at]).startswith("M")
    if mark or _JOINER in (text[at], text[at - 1]):
        return False
    flags = len(text[:at]) - len(text[:at].rstrip(_FLAGS))
    return text[at] not in _FLAGS or flags % 2 == 0
