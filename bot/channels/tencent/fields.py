"""Reads the fields of one delivery, which WeChat and WeCom name alike."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.core.messages import Content, Kind, Media

LONGEST_KEY = 255
LONGEST_NAME = 64
LONGEST_REF = 512
Fields = Mapping[str, str]


class MessageError(ValueError):
    """The fields are no message; the reason names the field and holds nothing of it."""


def message(kind: str, fields: Fields) -> Content | None:
    """What a message of this kind says; None for blank words. Raises MessageError."""
    if kind not in _MESSAGES:
        # New kinds appear; that somebody sent one must not be lost.
        return Content(Kind.OTHER, name=fields.get("Title", "") or kind)
    return _MESSAGES[kind](fields)


def _text(fields: Fields) -> Content | None:
    words = require_field(fields, "Content", blank=True)
    return Content(Kind.TEXT, words) if words.strip() else None


def _media(kind: Kind) -> Callable[[Fields], Content]:
    def content(fields: Fields) -> Content:
        ref = require_field(fields, "MediaId")
        if len(ref) > LONGEST_REF:
            raise MessageError("MediaId is too long")
        return Content(kind, fields.get("Recognition", ""), Media(ref))

    return content


def _location(fields: Fields) -> Content:
    where = f"{require_field(fields, 'Location_X')},{require_field(fields, 'Location_Y')}"
    return Content(Kind.LOCATION, name=" ".join(filter(None, (fields.get("Label", ""), where))))


def _link(fields: Fields) -> Content:
    parts = (fields.get(name, "") for name in ("Title", "Description", "Url"))
    return Content(Kind.LINK, name="\n".join(filter(None, parts)))


def _file(fields: Fields) -> Content:
    """A file by its name; an Official Account is not given what is in it."""
    ref = fields.get("MediaId", "")
    if len(ref) > LONGEST_REF:
        raise MessageError("MediaId is too long")
    return Content(Kind.FILE, media=Media(ref) if ref else None, name=fields.get("Title", ""))


def _card(fields: Fields) -> Content:
    return Content(Kind.CARD, name=fields.get("Title", ""))


_MESSAGES: dict[str, Callable[[Fields], Content | None]] = {
    "text": _text,
    "image": _media(Kind.IMAGE),
    "voice": _media(Kind.VOICE),
    "video": _media(Kind.VIDEO),
    "shortvideo": _media(Kind.VIDEO),
    "location": _location,
    "link": _link,
    "file": _file,
    "miniprogrampage": _card,
}


def require_field(fields: Fields, name: str, *, blank: bool = False) -> str:
    """The field's value. Raises MessageError when it is missing or, unless allowed, blank."""
    value = fields.get(name)
    if value is None or not (value or blank):
        raise MessageError(f"{name} is missing")
    return value


def name(fields: Fields, field: str) -> str:
    """The name of an account or person. Raises MessageError."""
    value = require_field(fields, field)
    if len(value) > LONGEST_NAME or any(c.isspace() or not c.isprintable() for c in value):
        raise MessageError(f"{field} is no name")
    return value


def moment(fields: Fields) -> datetime:
    """When the platform says it was sent, UTC. Raises MessageError."""
    seconds = require_field(fields, "CreateTime")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):
        raise MessageError("CreateTime is no moment")
    return datetime.fromtimestamp(int(seconds), UTC)


def once_key(channel: str, fields: Fields) -> str:
    """What makes this delivery the same as its repeats: sender and MsgId for messages, because two
    people who wrote at once have been given the same one; sender, time, event and its key for
    events, which have no MsgId, as the platform advises. Raises MessageError.
    """
    whose = f"{channel}:{name(fields, 'ToUserName')}:{name(fields, 'FromUserName')}"
    if require_field(fields, "MsgType").lower() != "event":
        return _short(f"{whose}:{name(fields, 'MsgId')}")
    what = f"{require_field(fields, 'Event')}:{fields.get('EventKey', '')}"
    return _short(f"{whose}:{fields['CreateTime']}:{what}")


def _short(key: str) -> str:
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - 65]}:{digest}"
