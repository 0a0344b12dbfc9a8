"""The rules of a WeChat account for writing first: 5 sends within 48 hours of a person's message.

Source: the customer-service message API of Official Accounts (errors 45015 and 45047).
"""

from datetime import datetime, timedelta

from bot.channels.base import Reach, Undeliverable

OPEN_FOR = timedelta(hours=48)
BUDGET = 5
TEXT_BYTES = 2048
"""Most bytes of UTF-8 in one text message."""


def check(reach: Reach, now: datetime) -> int:
    """How many sends are left. Raises Undeliverable (hold) when the window is shut or used up."""
    if reach.heard_at is None or now >= reach.heard_at + OPEN_FOR:
        raise Undeliverable("delivery.window_shut", hold=True)
    left = BUDGET - reach.sends
    if left <= 0:
        raise Undeliverable("delivery.window_used_up", hold=True)
    return left
