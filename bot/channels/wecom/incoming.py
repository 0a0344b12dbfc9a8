"""Understands what WeCom reports: the fields of one delivery become an Incoming or a Tap."""

from dataclasses import dataclass
from datetime import datetime

from bot.channels.tencent.fields import (
    Fields,
    MessageError,
    message,
    moment,
    name,
    once_key,
    require_field,
)
from bot.core.messages import Address, Content, Event, Incoming, Kind

NAME = "wecom"
LONGEST_PART = 256


@dataclass(frozen=True)
class Tap:
    """A button of a card was tapped. `response_code` lets the card be changed once; `key` is the
    same for every tap on this button of this card."""

    address: Address
    task: str
    digit: str
    response_code: str
    sent_at: datetime

    @property
    def key(self) -> str:
        return f"{NAME}:card:{self.task}:{self.digit}"


def parse_fields(fields: Fields) -> Incoming | Tap | None:
    """What the person did; None for what asks for nothing (an app opened, a page viewed, blank
    words). Raises MessageError."""
    address = Address(NAME, name(fields, "FromUserName"))
    sent_at = moment(fields)
    kind = require_field(fields, "MsgType").lower()
    if kind == "event" and require_field(fields, "Event").lower() == "template_card_event":
        return _tap(fields, address, sent_at)
    content = _event(fields) if kind == "event" else message(kind, fields)
    if content is None:
        return None
    return Incoming(once_key(NAME, fields), address, content, sent_at)


def _tap(fields: Fields, address: Address, sent_at: datetime) -> Tap:
    task, digit = require_field(fields, "TaskId"), require_field(fields, "EventKey")
    code = fields.get("ResponseCode", "")
    if max(len(task), len(digit), len(code)) > LONGEST_PART:
        raise MessageError("a card's part is too long")
    return Tap(address, task, digit, code, sent_at)


def _event(fields: Fields) -> Content | None:
    event = require_field(fields, "Event").lower()
    if event == "click":
        return Content(Kind.EVENT, fields.get("EventKey", ""), event=Event.CLICK)
    if event == "unsubscribe":
        return Content(Kind.EVENT, event=Event.UNSUBSCRIBE)
    if event == "subscribe":
        # Who is back can be written to again; the greeting is for enterprises, not for staff.
        return Content(Kind.EVENT, event=Event.OTHER)
    return None
