"""Understands what the platform reports about messages that it had taken from us.

Source: the platform's documents on template messages (TEMPLATESENDJOBFINISH: `success`,
`failed:user block`, `failed: system failed`) and on mass sends (MASSSENDJOBFINISH: `send success`,
`send fail`, `err(10001)` …).
"""

from bot.channels.base import Report
from bot.channels.tencent.fields import Fields, MessageError, name, require_field

TEMPLATE, MASS = "templatesendjobfinish", "masssendjobfinish"
_ARRIVED = frozenset({"success", "send success", "sendsuccess"})
_DECLINED, _FAILED = "delivery.declined", "delivery.notice_failed"
_LONGEST_ID = 40


def is_report(event: str) -> bool:
    """Whether an event tells what became of a message."""
    return event.lower() in (TEMPLATE, MASS)


def name_report(event: str, message_id: str) -> str:
    """The name under which a send is kept: the two kinds of sends number their messages alone."""
    return f"{event}:{message_id}"


def parse_report(channel: str, fields: Fields) -> Report:
    """What became of a message. Raises MessageError."""
    event = require_field(fields, "Event").lower()
    # The platform writes MsgID here, and MsgId everywhere else.
    message_id = fields.get("MsgID") or require_field(fields, "MsgId")
    if len(message_id) > _LONGEST_ID or not message_id.isalnum():
        raise MessageError("MsgID is no id")
    told = require_field(fields, "Status").strip()
    account, user = name(fields, "ToUserName"), name(fields, "FromUserName")
    report_id = name_report(event, message_id)
    key = f"{channel}:{account}:{user}:{report_id}"
    return Report(key, channel, user, report_id, _find_reason(told.lower()), told[:60])


def _find_reason(told: str) -> str | None:
    if told in _ARRIVED:
        return None
    return _DECLINED if "user block" in told else _FAILED
