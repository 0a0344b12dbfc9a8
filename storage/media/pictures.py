"""Takes out of pictures and films where they were taken; what they show stays bit for bit.

Phones write the place into their photographs (EXIF, XMP, IPTC). The picture is not decoded: nothing
gets coarser, and a picture that unpacks to gigabytes does no harm. Only how it is to be turned
(EXIF orientation) is kept.
"""

import re
import struct
import zlib
from collections.abc import Iterator

JPEG, PNG, RIFF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF"
EXIF = b"Exif\x00\x00"
ORIENTATION = 0x0112
_SOS, _EOI, _COMMENT = 0xDA, 0xD9, 0xFE
_TELLING = {0xE1, *range(0xE3, 0xEE), _COMMENT}
"""Segments of a JPEG that tell more than the picture: EXIF, XMP, IPTC, makers' own, words."""
_MORE_PICTURES = b"MPF\x00"
"""Further pictures behind the first one, each with an EXIF of its own."""
_TELLING_CHUNKS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_COORDINATES = re.compile(rb"[+-]\d{2}\.\d{3,}[+-]\d{3}\.\d{3,}([+-]\d+(\.\d+)?)?/")
"""A place as films write it (ISO 6709)."""
_EXIF_BLOCK = re.compile(rb"Exif\x00\x00(?=II\x2a\x00|MM\x00\x2a)")
_GPS = 0x8825
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
"""Bytes of one value of each type of TIFF."""
_LONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length."""
_CARRIER = re.compile(
    rb"Exif\x00\x00|II\x2a\x00\x08\x00\x00\x00|MM\x00\x2a\x00\x00\x00\x08"
    rb"|x:xmpmeta|http://ns\.adobe\.com/xap|Photoshop 3\.0\x00"
)
"""What carries a place begins so, wherever a wrong length has put it."""
_HINTS = re.compile(
    _CARRIER.pattern + rb"|Exif|EXIF|eXIf|iTXt|tEXt|zTXt|XMP |8BIM|\xff[\xe1\xed\xfe]"
)
"""What may be the beginning or the name of one, in a part that cannot be read."""


class Damaged(ValueError):  # noqa: N818 - what it is, not that it failed
    """The picture cannot be read to its end, and what is left of it may tell a place."""


def discreet(content: bytes) -> bytes:
    """The picture or film without its place; any other thing as it came. Of what is damaged the
    part that cannot be read stays where nothing in it looks like a place. Raises Damaged."""
    try:
        if content.startswith(JPEG):
            return _jpeg(content)
        if content.startswith(PNG):
            return _png(content)
        if content.startswith(RIFF) and content[8:12] == b"WEBP":
            return _webp(content)
        if content[4:8] == b"ftyp":
            return _boxes(content)
    except (struct.error, IndexError) as error:
        raise Damaged(str(error)) from error
    return content


def _keep_unread(rest: bytes) -> bytes:
    """The part of a damaged picture from where it cannot be read. Raises Damaged."""
    if _HINTS.search(rest):
        raise Damaged("may tell a place")
    return rest


def _jpeg(content: bytes) -> bytes:
    head, turned, at, picture = [JPEG], 1, 2, b""
    while not picture:
        try:
            at = _skip_fill(content, at)
            marker, size = _segment(content, at)
            if marker == _SOS:
                picture = _scans(content, at)
                break
        except struct.error:
            picture = _keep_unread(content[at:])
            break
        body = content[at + 4 : at + size]
        if marker == 0xE1 and body.startswith(EXIF):
            turned = _orientation(body[len(EXIF) :])
        if not _tells(marker, body):
            head.append(content[at : at + size])
        at += size
    exif = EXIF + _build_tiff_header(turned)
    kept = [struct.pack(">BBH", 0xFF, 0xE1, len(exif) + 2) + exif] if turned != 1 else []
    first = 2 if len(head) > 1 and head[1][1] == 0xE0 else 1  # JFIF wants to stand first
    return b"".join([*head[:first], *kept, *head[first:], picture])


def _tells(marker: int, body: bytes) -> bool:
    """Whether a segment tells more than the picture, also by what a wrong length has drawn in."""
    telling = marker in _TELLING or body.startswith(_MORE_PICTURES)
    return telling or _CARRIER.search(body) is not None


def _skip_fill(content: bytes, at: int) -> int:
    """Where the marker begins: any number of FF may stand before it."""
    while content[at : at + 2] == b"\xff\xff":
        at += 1
    return at


def _segment(content: bytes, at: int) -> tuple[int, int]:
    """A segment's marker and its length with the marker. Raises struct.error where none begins."""
    lead, marker, size = struct.unpack_from(">BBH", content, at)
    if lead != 0xFF or marker == 0:
        raise struct.error("no segment")
    return (marker, 2) if marker in _LONE else (marker, size + 2)


def _scans(content: bytes, at: int) -> bytes:
    """The picture itself, to its end, without what tells more: behind it phones hide further ones,
    and films."""
    kept, start, end = b"", at, at
    while True:
        end = content.find(b"\xff", end)
        if end < 0 or end + 4 > len(content):
            return kept + content[start:]
        marker = content[end + 1]
        if marker == _EOI:
            return kept + content[start : end + 2]
        # Within a scan FF is followed by 00 or by a marker that has no length.
        if marker in (0x00, 0xFF) or marker in _LONE:
            end += 1 if marker == 0xFF else 2
            continue
        size = _segment(content, end)[1]
        if _tells(marker, content[end + 4 : end + size]):
            kept, start = kept + content[start:end], end + size
        end += size


def _orientation(tiff: bytes) -> int:
    """How the picture is to be turned, 1 to 8; 1, as it is, where nothing is said."""
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + count * 12, 12):
            tag, _kind, _many, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _build_tiff_header(orientation: int) -> bytes:
    """A TIFF header with this one entry."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _png(content: bytes) -> bytes:
    kept, turned, at, kind = [PNG], 1, len(PNG), b""
    for kind, body, whole in _chunks(content):
        at += len(whole)
        if kind == b"eXIf":
            turned = _orientation(body)
        if kind not in _TELLING_CHUNKS:
            kept.append(whole)
    if kind != b"IEND":
        kept.append(_keep_unread(content[at:]))
    if turned != 1:
        exif = b"eXIf" + _build_tiff_header(turned)
        size, check = struct.pack(">I", len(exif) - 4), struct.pack(">I", zlib.crc32(exif))
        kept.insert(2, size + exif + check)  # behind the first chunk, before the picture
    return b"".join(kept)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Each chunk to the last one, or to the first that is damaged: kind, body, and all of it.
    Nothing behind the last is kept."""
    at, kind = len(PNG), b""
    while kind != b"IEND" and at + 12 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + size
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != _read_check(content, end):
            return
        yield kind, content[at + 8 : end - 4], content[at:end]
        at = end


def _read_check(content: bytes, end: int) -> int:
    """The check sum at the end of a chunk."""
    return int.from_bytes(content[end - 4 : end], "big")


def _webp(content: bytes) -> bytes:
    """An extended WebP says in its first chunk what else it has: bit 3 EXIF, bit 2 XMP."""
    (length,) = struct.unpack_from("<I", content, 4)
    kept, turned, at = b"", 1, 12
    while at < min(length + 8, len(content)):
        kind, size = struct.unpack_from("<4sI", content, at)
        end = at + 8 + size + size % 2
        body = content[at + 8 : at + 8 + size]
        if kind == b"EXIF":
            turned = _orientation(body.removeprefix(EXIF))
        elif kind != b"XMP ":
            if _CARRIER.search(body):
                raise Damaged("a wrong length")
            kept += content[at:end]
        at = end
    if kept.startswith(b"VP8X"):
        flags = kept[8] & ~0x0C | (0x08 if turned != 1 else 0)
        kept = kept[:8] + bytes([flags]) + kept[9:]
        if turned != 1:
            exif = _build_tiff_header(turned)
            kept += b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\x00" * (len(exif) % 2)
    return RIFF + struct.pack("<I", len(kept) + 4) + b"WEBP" + kept


def _boxes(content: bytes) -> bytes:
    """A film, or a picture of newer phones (HEIC): its parts point at each other by their places,
    so that nothing is taken out; the coordinates become noughts where they stand."""
    kept = bytearray(_COORDINATES.sub(lambda one: re.sub(rb"\d", b"0", one[0]), content))
    for block in _EXIF_BLOCK.finditer(content):
        _erase_gps(kept, block.end())
    return bytes(kept)


def _erase_gps(kept: bytearray, start: int) -> None:
    """Nothing is left of the GPS entries of the TIFF that begins here, but their room."""
    order = "<" if kept[start : start + 2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}I", kept, start + 4)
    for entry in _entries(kept, start + first, order):
        tag, _, _, gps = struct.unpack_from(f"{order}HHII", kept, entry)
        if tag != _GPS:
            continue
        for inner in _entries(kept, start + gps, order):
            _, kind, count, at = struct.unpack_from(f"{order}HHII", kept, inner)
            size = _SIZES.get(kind, 1) * count
            if 4 < size <= len(kept) - start - at:
                kept[start + at : start + at + size] = bytes(size)
            kept[inner : inner + 12] = bytes(12)
        kept[start + gps : start + gps + 2] = bytes(2)


def _entries(kept: bytearray, at: int, order: str) -> range:
    """Where the entries of a directory begin. Raises struct.error beyond the end."""
    (count,) = struct.unpack_from(f"{order}H", kept, at)
    return range(at + 2, at + 2 + count * 12, 12)
