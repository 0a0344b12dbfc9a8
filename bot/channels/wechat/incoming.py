"""Understands what WeChat reports: the fields of one delivery become one Incoming."""

from dataclasses import dataclass

from bot.channels.tencent.fields import Fields, message, moment, name, once_key, require_field
from bot.core.messages import Address, Content, Event, Incoming, Kind

NAME = "wechat"


@dataclass(frozen=True)
class Heard:
    """A delivery that asks for something, and the account it was sent to."""

    incoming: Incoming
    account: str


def parse_fields(fields: Fields) -> Heard | None:
    """What the person did; None for what asks for nothing (a view, a report of the platform, blank
    words). Raises MessageError."""
    account, user = name(fields, "ToUserName"), name(fields, "FromUserName")
    sent_at = moment(fields)
    kind = require_field(fields, "MsgType").lower()
    content = _event(fields) if kind == "event" else message(kind, fields)
    if content is None:
        return None
    key = once_key(NAME, fields)
    return Heard(Incoming(key, Address(NAME, user), content, sent_at, slot=True), account)


_EVENTS = {
    "subscribe": Event.SUBSCRIBE,
    "unsubscribe": Event.UNSUBSCRIBE,
    "scan": Event.SCAN,
    "click": Event.CLICK,
}


def _event(fields: Fields) -> Content | None:
    event = _EVENTS.get(require_field(fields, "Event").lower())
    if event is None:
        return None
    # A code scanned by somebody who does not follow yet arrives with the follow.
    key = fields.get("EventKey", "").removeprefix("qrscene_")
    return Content(Kind.EVENT, key, event=event)
