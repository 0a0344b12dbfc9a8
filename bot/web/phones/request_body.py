"""Reads the parts of a phone's JSON: the message's number, its words, picture or voice."""

import base64
import binascii
import re
from typing import Any

from bot.core.messages import Content, Kind, Media
from bot.web.security import Malformed
from storage.media.files import MediaFolder, NotMedia

LONGEST = 10_000
"""Characters of one message; platforms take far fewer."""
SLOWEST = 10.0
"""Seconds between two steps of the story."""
_KEY = re.compile(r"[A-Za-z0-9-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MEDIA = {"image": (Kind.IMAGE, "image/"), "voice": (Kind.VOICE, "")}


def key_of(body: dict[str, Any]) -> str:
    """The phone's number of the message. Raises Malformed."""
    key = body.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise Malformed("key: 1 to 64 letters, digits and -")
    return key


def pace_of(body: dict[str, Any]) -> float:
    """Seconds between two steps of the story. Raises Malformed."""
    pace = body.get("pace", 1.5)
    if isinstance(pace, bool) or not isinstance(pace, int | float) or not 0 <= pace <= SLOWEST:
        raise Malformed(f"pace: 0 to {SLOWEST}")
    return float(pace)


def content_of(body: dict[str, Any], folder: MediaFolder) -> Content:
    """The words, or a picture or voice in base64, which is kept at once. Raises Malformed."""
    for name, (kind, mime) in _MEDIA.items():
        if name in body:
            return Content(kind, media=_store_media(body[name], name, mime, folder))
    text = body.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise Malformed(f"text: 1 to {LONGEST} characters")
    if _CONTROL.search(text) or not _encodes(text):
        raise Malformed("text: control characters or halves of characters")
    return Content(Kind.TEXT, text)


def _store_media(encoded: object, name: str, mime: str, folder: MediaFolder) -> Media:
    if not isinstance(encoded, str):
        raise Malformed(f"{name}: base64")
    try:
        path, found = folder.put(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError) as error:
        reason = "unknown kind of file" if isinstance(error, NotMedia) else "base64"
        raise Malformed(f"{name}: {reason}", 415 if reason != "base64" else 400) from error
    if not found.startswith(mime):
        raise Malformed(f"{name}: {found}", 415)
    return Media(path=path, mime=found)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
