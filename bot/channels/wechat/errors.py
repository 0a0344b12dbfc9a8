"""What WeChat's error codes mean for a message.

Source: the platform's list of global return codes (全局返回码).
"""

from datetime import timedelta

from bot.channels.error_codes import Codes

CODES = Codes(
    token=frozenset({40001, 40014, 41001, 42001}),
    holding={45015: "delivery.window_shut", 45047: "delivery.window_used_up"},
    useless={
        40003: "delivery.unknown_person",
        43004: "delivery.left",
        43019: "delivery.left",
        48002: "delivery.left",
        43101: "delivery.declined",
        40007: "delivery.gone",
        48001: "delivery.not_allowed",
    },
    later={
        -1: timedelta(seconds=5),
        45009: timedelta(minutes=10),
        45011: timedelta(minutes=1),
        40164: timedelta(minutes=5),
        40013: timedelta(minutes=5),
        40125: timedelta(minutes=5),
    },
)
