"""What Telegram's errors mean for a message: wait, give up, or another address."""

import os
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.base import Undeliverable

# The library's own switch to the types of its next version; without it every 429 warns.
os.environ["PTB_TIMEDELTA"] = "true"

UNKNOWN = ("chat not found", "user not found", "peer_id_invalid", "group chat was deactivated")
"""How a 400 begins to say that nobody is there."""
GONE = ("file is too big", "wrong file_id", "file is temporarily unavailable", "invalid file_id")
LOST_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")
SHUT_TOPIC = ("topic_closed",)
SAME_TOPIC = ("topic_not_modified",)
NO_TOPICS = ("not a forum", "not enough rights", "chat_admin_required", "topics are disabled")
"""Nothing can be said in topics until the park's office mends the group."""
TOPIC_WAIT = timedelta(minutes=10)
TOKEN_WAIT = timedelta(minutes=5)
"""The park's office can mend a token that is wrong."""


class Moved(Undeliverable):
    """The group lives under another id now: `chat`."""

    def __init__(self, chat: int) -> None:
        super().__init__("delivery.unknown_person", f"moved to {chat}", permanent=True)
        self.chat = str(chat)


class TooFast(Undeliverable):
    """The platform wants silence in this chat for `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("delivery.busy", "429", retry_after=wait)
        self.wait = wait


class TopicLost(Undeliverable):
    """The topic is not there any more."""


class TopicShut(Undeliverable):
    """The topic was closed."""


class TopicSame(Undeliverable):
    """The topic is already as it was to become."""


def interpret_error(error: Exception) -> Undeliverable:
    """The outcome for an exception of the library. Its detail holds no token."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        wait = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
        return TooFast(wait)
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if isinstance(error, Forbidden):
        return Undeliverable("delivery.left", _extract_detail(error), permanent=True)
    if isinstance(error, InvalidToken):
        return Undeliverable("delivery.token", "token refused", retry_after=TOKEN_WAIT)
    if isinstance(error, BadRequest):  # before NetworkError, of which it is one to the library
        return _interpret_bad_request(error)
    if isinstance(error, Conflict):
        return Undeliverable("delivery.busy", _extract_detail(error))
    # The words of other errors may quote the address, and with it the token.
    return Undeliverable("delivery.slow", type(error).__name__)


def _interpret_bad_request(error: BadRequest) -> Undeliverable:
    words = error.message.lower()
    if any(mark in words for mark in UNKNOWN):
        return Undeliverable("delivery.unknown_person", _extract_detail(error), permanent=True)
    if any(mark in words for mark in GONE):
        return Undeliverable("delivery.gone", _extract_detail(error), permanent=True)
    if any(mark in words for mark in NO_TOPICS):
        return Undeliverable("telegram.no_topics", _extract_detail(error), retry_after=TOPIC_WAIT)
    for marks, kind in _OF_TOPICS.items():
        if any(mark in words for mark in marks):
            return kind("delivery.refused", _extract_detail(error), permanent=True)
    return Undeliverable("delivery.refused", _extract_detail(error), permanent=True)


_OF_TOPICS = {LOST_TOPIC: TopicLost, SHUT_TOPIC: TopicShut, SAME_TOPIC: TopicSame}


def _extract_detail(error: TelegramError) -> str:
    return error.message[:120]
