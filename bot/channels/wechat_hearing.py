"""Understands what WeChat reports: the fields of one delivery become one Incoming."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.messages import Address, Content, Event, Incoming, Kind, Media

NAME = "wechat"
LONGEST_KEY = 255
LONGEST_NAME = 64
LONGEST_REF = 512
Fields = Mapping[str, str]


class MessageError(ValueError):
    """The fields are no message of WeChat; the reason names the field and holds nothing of it."""


@dataclass(frozen=True)
class Heard:
    """A delivery that asks for something, and the account it was sent to."""

    incoming: Incoming
    account: str


def understood(fields: Fields) -> Heard | None:
    """What the person did; None for what asks for nothing (a view, a report of the platform, blank
    words). Raises MessageError.

    The once-keys follow the platform's advice on deduplication: MsgId for messages; sender, time,
    event and its key for events, which have no MsgId.
    """
    account, user = _name(fields, "ToUserName"), _name(fields, "FromUserName")
    sent_at = _moment(fields)
    kind = _given(fields, "MsgType").lower()
    content = _event(fields) if kind == "event" else _message(kind, fields)
    if content is None:
        return None
    if kind == "event":
        what = f"{fields['Event']}:{fields.get('EventKey', '')}"
        key = f"{NAME}:{account}:{user}:{fields['CreateTime']}:{what}"
    else:
        key = f"{NAME}:{account}:{_name(fields, 'MsgId')}"
    return Heard(Incoming(_short(key), Address(NAME, user), content, sent_at, slot=True), account)


def _message(kind: str, fields: Fields) -> Content | None:
    if kind not in _MESSAGES:
        # New kinds appear; that somebody sent one must not be lost.
        return Content(Kind.EVENT, fields.get("Title", "") or kind, event=Event.OTHER)
    return _MESSAGES[kind](fields)


def _text(fields: Fields) -> Content | None:
    words = _given(fields, "Content", blank=True)
    return Content(Kind.TEXT, words) if words.strip() else None


def _media(kind: Kind) -> Callable[[Fields], Content]:
    def content(fields: Fields) -> Content:
        ref = _given(fields, "MediaId")
        if len(ref) > LONGEST_REF:
            raise MessageError("MediaId is too long")
        return Content(kind, fields.get("Recognition", ""), Media(ref))

    return content


def _location(fields: Fields) -> Content:
    where = f"{_given(fields, 'Location_X')},{_given(fields, 'Location_Y')}"
    return Content(Kind.LOCATION, " ".join(filter(None, (fields.get("Label", ""), where))))


def _link(fields: Fields) -> Content:
    parts = (fields.get(name, "") for name in ("Title", "Description", "Url"))
    return Content(Kind.LINK, "\n".join(filter(None, parts)))


_MESSAGES: dict[str, Callable[[Fields], Content | None]] = {
    "text": _text,
    "image": _media(Kind.IMAGE),
    "voice": _media(Kind.VOICE),
    "video": _media(Kind.VIDEO),
    "shortvideo": _media(Kind.VIDEO),
    "location": _location,
    "link": _link,
}

_EVENTS = {
    "subscribe": Event.SUBSCRIBE,
    "unsubscribe": Event.UNSUBSCRIBE,
    "scan": Event.SCAN,
    "click": Event.CLICK,
}


def _event(fields: Fields) -> Content | None:
    event = _EVENTS.get(_given(fields, "Event").lower())
    if event is None:
        return None
    # A code scanned by somebody who does not follow yet arrives with the follow.
    key = fields.get("EventKey", "").removeprefix("qrscene_")
    return Content(Kind.EVENT, key, event=event)


def _given(fields: Fields, name: str, *, blank: bool = False) -> str:
    value = fields.get(name)
    if value is None or not (value or blank):
        raise MessageError(f"{name} is missing")
    return value


def _name(fields: Fields, name: str) -> str:
    value = _given(fields, name)
    if len(value) > LONGEST_NAME or any(c.isspace() or not c.isprintable() for c in value):
        raise MessageError(f"{name} is no name")
    return value


def _moment(fields: Fields) -> datetime:
    seconds = _given(fields, "CreateTime")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):
        raise MessageError("CreateTime is no moment")
    return datetime.fromtimestamp(int(seconds), UTC)


def _short(key: str) -> str:
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: LONGEST_KEY - 65]}:{digest}"
