"""Pushes the messages of a letter one after the other, and tells how far it came."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels.base import Letter, Undeliverable
from bot.channels.tencent.letters import Sheet, list_unfetched
from bot.channels.tencent.platform_api import PlatformApi
from bot.clock import monotonic
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia

LAST_START = 5.0
"""Seconds after which no further message of a letter is begun: one message with a renewed token can
take 40 seconds at worst, and the postman waits for 45."""

FOR_PICTURES, LOOK_AGAIN = timedelta(minutes=1), timedelta(seconds=2)
"""How long a letter waits for a picture that is still being fetched; then the words go alone."""


def pictures_ready(letter: Letter, now: datetime) -> None:
    """Raises Undeliverable while a young letter's picture is still at its platform."""
    if any(now - parcel.created_at < FOR_PICTURES for parcel in list_unfetched(letter)):
        raise Undeliverable("delivery.picture_waits", retry_after=LOOK_AGAIN, counts=False)


def push(sheets: Iterable[Sheet], may: Callable[[int], None], send: Callable[[Sheet], None]) -> int:
    """Send them in order; how many there were. `may(spent)` is asked before each and raises when
    the platform's budget forbids it.

    Raises Undeliverable, which says how much of the letter has left nonetheless.
    """
    started = monotonic()
    spent = gone = 0
    for sheet in sheets:
        try:
            may(spent)
            if monotonic() - started > LAST_START:
                raise Undeliverable("delivery.slow", "letter too long for one go")
            send(sheet)
        except Undeliverable as trouble:
            trouble.carried, trouble.cost = gone, spent
            raise
        gone, spent = sheet.done, spent + 1
    return spent


def deliver(api: PlatformApi, folder: MediaFolder, user: str, sheet: Sheet) -> None:
    """Send one message. Raises Undeliverable."""
    if sheet.media is None:
        api.text(user, sheet.text)
        return
    api.medium(user, sheet.kind, upload_media(api, folder, sheet.media, sheet.kind))


def upload_media(api: PlatformApi, folder: MediaFolder, media: KeptMedia, kind: str) -> str:
    """Bring a picture or another thing to the platform; its media id there."""
    content = read(folder, media)
    # People see the name of a file, and the platform none that is not ASCII.
    name = f"attachment{Path(media.path).suffix}" if kind == "file" else media.path
    return api.upload(kind, name, content, media.mime)


def read(folder: MediaFolder, media: KeptMedia) -> bytes:
    """The content of a thing that is kept. Raises Undeliverable."""
    try:
        return folder.path(media.path).read_bytes()
    except OSError as error:
        raise Undeliverable("delivery.gone", type(error).__name__, permanent=True) from None
