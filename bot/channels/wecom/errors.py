"""What WeCom's error codes mean for a message.

Source: the platform's list of global error codes (全局错误码).
"""

from datetime import timedelta

from bot.channels.base import Undeliverable
from bot.channels.error_codes import Codes

TASK_KNOWN = 42014
"""A card with this task id was sent before: the send whose answer we missed did arrive."""

NO_CHAT = frozenset({40050, 86001, 86003})
"""The chat is not there, or not the app's."""


class ChatLost(Undeliverable):
    """The chat to write to is not there any more."""


CODES = Codes(
    token=frozenset({40014, 41001, 42001}),
    useless={
        40003: "delivery.unknown_person",
        60111: "delivery.unknown_person",
        81013: "delivery.unknown_person",
        40007: "delivery.gone",
        48002: "wecom.not_allowed",
        93000: "wecom.no_group",
    },
    later={
        -1: timedelta(seconds=5),
        45033: timedelta(seconds=5),
        45009: timedelta(minutes=10),
        # The office can mend these: secret, corp id, app id, trusted addresses, app's audience.
        40001: timedelta(minutes=5),
        40013: timedelta(minutes=5),
        40056: timedelta(minutes=5),
        60011: timedelta(minutes=5),
        60020: timedelta(minutes=5),
    },
)
