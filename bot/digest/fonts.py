"""The fonts that pictures are drawn with, and what they can draw."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("fonts")
REGULAR, BOLD = FOLDER / "NotoSansSC-Regular.ttf", FOLDER / "NotoSansSC-Bold.ttf"
_SEGMENTED = 12


def drawable(character: str) -> bool:
    """Whether the regular font, which has all of GBK, has a form for it."""
    return ord(character) in _load_code_points()


@cache
def _load_code_points() -> frozenset[int]:
    return frozenset(code for first, last in _groups() for code in range(first, last + 1))


def _groups() -> Iterator[tuple[int, int]]:
    """The code points of the font's character map, format 12 (OpenType specification, cmap)."""
    font = REGULAR.read_bytes()
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, table + 2)
    for place in range(count):
        (offset,) = struct.unpack_from(">L", font, table + 8 + 8 * place)
        start = table + offset
        if struct.unpack_from(">H", font, start)[0] == _SEGMENTED:
            (groups,) = struct.unpack_from(">L", font, start + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">LLL", font, start + 16 + 12 * group)
                yield first, last
            return
    raise ValueError(f"{REGULAR}: no character map of format {_SEGMENTED}")


def _table(font: bytes, wanted: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for place in range(count):
        tag, _sum, offset, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * place)
        if tag == wanted:
            return int(offset)
    raise ValueError(f"{REGULAR}: no table {wanted!r}")
