"""Lays a letter out as WeChat messages: texts of at most 2048 bytes, pictures on their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.channels.base import Letter
from bot.channels.tencent.xml_text import printable
from bot.channels.window import TEXT_BYTES
from bot.channels.wording import count_fitting, merge_parcels, split, utf8_bytes
from bot.core.notifications import find_notification
from storage.delivery.outbox import Parcel
from storage.media.media import KeptMedia

_MB = 1024 * 1024
KINDS = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/gif"), "image"),
    **dict.fromkeys(("audio/amr", "audio/mpeg"), "voice"),
}
"""What the platform takes, and what it calls it. A video would need a picture of its own beside it,
and files cannot be sent: both go as links."""
MOST = {"image": 10 * _MB, "voice": 2 * _MB}
"""Bytes of each (the platform's document on temporary media)."""


@dataclass(frozen=True)
class Sheet:
    """One message to send: words, or a picture or voice. `done`: how many parcels of the letter
    have wholly left with it; `kind`: the platform's name for the kind of this message."""

    text: str = ""
    media: KeptMedia | None = None
    done: int = 0
    kind: str = "text"


def sheets(letter: Letter) -> list[Sheet]:
    """The messages that make up the letter, in order."""
    laid: list[Sheet] = []
    done = 0
    for has_media, group in groupby(letter.parcels, key=lambda one: one.media_id is not None):
        run = list(group)
        if has_media:
            for parcel in run:
                laid.extend(_build_illustrated_sheets(parcel, letter.files, done))
                done += 1
        else:
            laid.extend(_texts(run, done))
            done += len(run)
    return laid


def list_unfetched(letter: Letter) -> list[Parcel]:
    """The parcels whose picture or voice is still at the platform it came from."""
    return [
        parcel
        for parcel in letter.parcels
        if parcel.media_id is not None and not letter.files[parcel.media_id].path
    ]


def tells_result(parcels: Sequence[Parcel]) -> bool:
    """Whether one of these tells how an issue ended, for which the last send of the window is
    kept."""
    return any(find_notification(parcel.kind).last_send for parcel in parcels)


def passive(parcels: Sequence[Parcel]) -> tuple[str, int]:
    """The text that a passive reply can carry, and how many parcels from the first on are in it;
    the rest has to be pushed."""
    plain = list(_take_leading_plain(parcels))
    if not plain:
        return "", 0
    count = count_fitting(plain, TEXT_BYTES, utf8_bytes)
    text = printable(merge_parcels(plain[:count]))
    return (text, count) if utf8_bytes(text) <= TEXT_BYTES else ("", 0)


def _take_leading_plain(parcels: Sequence[Parcel]) -> Iterator[Parcel]:
    for parcel in parcels:
        if parcel.media_id is not None:
            return
        yield parcel


def _texts(run: Sequence[Parcel], done: int) -> Iterator[Sheet]:
    while run:
        count = count_fitting(run, TEXT_BYTES, utf8_bytes)
        yield from cut(printable(merge_parcels(run[:count])), done, count)
        run, done = run[count:], done + count


def _build_illustrated_sheets(
    parcel: Parcel, files: Mapping[int, KeptMedia], done: int
) -> Iterator[Sheet]:
    text = printable(merge_parcels([parcel]))
    enclosed = enclosure(parcel, files, KINDS, done)
    if text:
        yield from cut(text, done, 0 if enclosed else 1)
    if enclosed:
        yield enclosed


def enclosure(
    parcel: Parcel, files: Mapping[int, KeptMedia], kinds: Mapping[str, str], done: int
) -> Sheet | None:
    """The parcel's picture or voice as a message; None where it has none that can be sent."""
    media = files[parcel.media_id] if parcel.media_id is not None else None
    kind = kinds.get(media.mime) if media and media.path else None
    return Sheet(media=media, done=done + 1, kind=kind) if kind else None


def cut(text: str, done: int, count: int) -> Iterator[Sheet]:
    """The pieces of a text; its parcels have left only with the last piece."""
    pieces = split(text, TEXT_BYTES, utf8_bytes)
    for piece in pieces[:-1]:
        yield Sheet(piece, done=done)
    yield Sheet(pieces[-1], done=done + count)
