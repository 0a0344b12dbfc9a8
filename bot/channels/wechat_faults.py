"""What WeChat's error codes mean for a message: wait, hold or give up.

Source: the platform's list of global return codes (全局返回码).
"""

from datetime import timedelta

from bot.channels import Undeliverable

TOKEN = frozenset({40001, 40014, 41001, 42001})
"""The access token is wrong, missing or too old."""
HOLDING = {45015: "delivery.window_shut", 45047: "delivery.window_used_up"}
"""Nothing can be sent until the person writes again."""
USELESS = {
    40003: "delivery.unknown_person",
    43004: "delivery.left",
    43019: "delivery.left",
    48002: "delivery.left",
    40007: "delivery.gone",
    48001: "delivery.not_allowed",
}
"""Lasts: this person cannot be reached, or this account may not send."""
LATER = {
    -1: timedelta(seconds=5),
    45009: timedelta(minutes=10),
    45011: timedelta(minutes=1),
    40164: timedelta(minutes=5),
    40013: timedelta(minutes=5),
    40125: timedelta(minutes=5),
}
"""Passes, or the park's office can mend it (address not on the list, wrong id or secret)."""


def meaning(code: int, words: str) -> Undeliverable:
    """The outcome for one error code; `words` are the platform's own and go to the log."""
    detail = f"{code} {words[:120]}"
    if code in HOLDING:
        return Undeliverable(HOLDING[code], detail, hold=True)
    if code in USELESS:
        return Undeliverable(USELESS[code], detail, permanent=True)
    if code in LATER:
        return Undeliverable("delivery.busy", detail, retry_after=LATER[code])
    if code in TOKEN:
        return Undeliverable("delivery.token", detail, retry_after=timedelta(minutes=1))
    # A request that the platform calls wrong (4xxxx) stays wrong; the rest are its own troubles.
    return Undeliverable("delivery.refused", detail, permanent=40000 <= code < 50000)
