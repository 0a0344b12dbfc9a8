"""Lays a letter out as Telegram's messages: texts within the limit, pictures with their words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.channels.base import Letter
from bot.channels.wording import split, utf16_units
from storage.delivery.outbox import Parcel
from storage.media.media import KeptMedia

TEXT_UNITS, CAPTION_UNITS = 4096, 1024
"""Most UTF-16 code units of a text, and of the words under a picture."""
LARGEST_PHOTO = 10 * 1024 * 1024
"""Bytes; a larger picture goes as a document."""
FORMS = {
    "image/png": "photo",
    "image/jpeg": "photo",
    "image/webp": "photo",
    "audio/ogg": "voice",
    "audio/mpeg": "audio",
    "video/mp4": "video",
}
"""What the platform shows or plays; everything else goes as a document."""
CAPTIONED = frozenset({"photo", "video", "document"})


@dataclass(frozen=True)
class Sheet:
    """One message to send: words, or a thing with words under it; buttons under the last one.
    `done`: how many parcels of the letter have wholly left with it."""

    text: str
    parcel: Parcel
    media: KeptMedia | None = None
    buttons: bool = False
    done: int = 0

    @property
    def form(self) -> str:
        """How the platform is to show the thing."""
        return FORMS.get(self.media.mime, "document") if self.media else "text"


def sheets(letter: Letter) -> list[Sheet]:
    """The messages that make up the letter, in order."""
    return [
        sheet
        for place, parcel in enumerate(letter.parcels)
        for sheet in _of(parcel, letter.files, place)
    ]


def _of(parcel: Parcel, files: Mapping[int, KeptMedia], done: int) -> Iterator[Sheet]:
    media = files[parcel.media_id] if parcel.media_id is not None else None
    if media is None or not media.path:
        yield from _texts(parcel, done, last=done + 1)
        return
    sheet = Sheet(parcel.text, parcel, media, buttons=True, done=done + 1)
    if sheet.form in CAPTIONED and utf16_units(parcel.text) <= CAPTION_UNITS:
        yield sheet
        return
    yield from _texts(parcel, done, last=done)
    yield Sheet("", parcel, media, done=done + 1)


def _texts(parcel: Parcel, done: int, last: int) -> Iterator[Sheet]:
    """The pieces of a text; its parcel has left only with the last piece."""
    *before, end = split(parcel.text, TEXT_UNITS, utf16_units)
    for piece in before:
        yield Sheet(piece, parcel, done=done)
    yield Sheet(end, parcel, buttons=True, done=last)
