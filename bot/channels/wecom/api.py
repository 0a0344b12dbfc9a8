"""Calls WeCom's API: messages, cards and pictures out, media in. Blocks: threads call it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient

from bot.channels.base import Undeliverable
from bot.channels.tencent.http_client import TIMEOUT, Timeout, session
from bot.channels.tencent.platform_api import PlatformApi
from bot.channels.wecom.errors import CODES, NO_CHAT, TASK_KNOWN, ChatLost
from bot.clock import Clock
from bot.settings import WeComChannel
from storage.delivery.tokens import Token
from storage.writers import Writer

SOON = timedelta(seconds=5)
ONCE = {"enable_duplicate_check": 1, "duplicate_check_interval": 1800}
"""Of equal words to one person the platform delivers one within so many seconds: its own default.
"""
HOST = "https://qyapi.weixin.qq.com/"


class WorkApi(PlatformApi):
    """One app's side of the API."""

    def __init__(
        self, settings: WeComChannel, writer: Writer, clock: Clock, timeout: Timeout = TIMEOUT
    ) -> None:
        self._corp_id = settings.corp_id
        self._agent_id = settings.agent_id
        self._menu_of = {"agentid": settings.agent_id}
        self._secret = settings.secret.get_secret_value()
        self._group_key = settings.group_key.get_secret_value()
        client = WeChatClient(settings.corp_id, "", auto_retry=False)
        line = session(settings.api_base, timeout, HOST)
        # gettoken repeats the token in force until it ends: to ask early would be to ask often.
        name = f"wecom:{settings.corp_id}:{settings.agent_id}"
        super().__init__(name, client, line, CODES, writer, clock, early=timedelta(0))

    def text(self, user: str, words: str) -> None:
        """Send one text of at most 2048 bytes."""
        self._send(user, "text", {"content": words})

    def text_again(self, user: str, words: str) -> None:
        """Send one text that may have arrived before, its answer lost: of equal words to one person
        the platform delivers one within the interval."""
        self._send(user, "text", {"content": words}, ONCE)

    def send_markdown(self, user: str, words: str, *, again: bool) -> None:
        """Send one message of at most 2048 bytes in the platform's markdown; `again`: it may have
        arrived before."""
        self._send(user, "markdown", {"content": words}, ONCE if again else None)

    def medium(self, user: str, kind: str, media_id: str) -> None:
        """Send one `image`, `voice` or `video` that was uploaded before."""
        self._send(user, kind, {"media_id": media_id})

    def card(self, user: str, card: dict[str, Any]) -> None:
        """Send one card with buttons; one that arrived before, unknown to us, is not repeated."""
        try:
            self._send(user, "template_card", card)
        except TaskKnown:
            return

    def group(self, kind: str, content: dict[str, Any]) -> None:
        """Post one `text` of at most 2048 bytes, or one `image`, to the group of the webhook.

        No markdown: an enterprise's words would be formatted, and `<@…>` would call people.
        """
        if not self._group_key:
            raise Undeliverable("wecom.no_group", permanent=True)
        message = {"msgtype": kind, kind: content}
        self._safely(lambda: self._post_to_group(message))

    def to_chat(self, chat: str, kind: str, content: dict[str, Any]) -> None:
        """Post one text of at most 2048 bytes, or a thing that was uploaded before, to a chat that
        the app made. Raises ChatLost."""
        self._post_message("appchat/send", {"chatid": chat, "msgtype": kind, kind: content})

    def make_chat(self, chat: str, name: str, members: Sequence[str]) -> None:
        """Make a chat with an id of our own: at most 32 letters and digits."""
        made = {"chatid": chat, "name": name, "userlist": list(members)}
        self._post_message("appchat/create", made)

    def has_chat(self, chat: str) -> bool:
        """Whether the app has made a chat with this id."""
        try:
            return bool(self._fetch("appchat/get", chatid=chat))
        except ChatLost:
            return False

    def use_up(self, user: str, response_code: str, words: str) -> None:
        """Turn the buttons of a card that was tapped into these words; a code is good for once
        and 72 hours."""
        message = {
            "userids": [user],
            "agentid": self._agent_id,
            "response_code": response_code,
            "button": {"replace_name": words},
        }
        self._check_recipients(self._post_message("message/update_template_card", message))

    def media(self, ref: str) -> bytes:
        """What a person sent."""
        answer = self._fetch_media(ref)
        if isinstance(answer, dict):
            raise Undeliverable("delivery.gone", "no file", permanent=True)
        return bytes(answer.content)

    def _post_to_group(self, message: dict[str, Any]) -> None:
        address = f"{HOST}cgi-bin/webhook/send"
        answer = self._session.post(address, params={"key": self._group_key}, json=message)
        answer.raise_for_status()
        told = answer.json()
        if told.get("errcode"):
            raise self._codes.interpret_code(int(told["errcode"]), str(told.get("errmsg", "")))

    def _send(
        self, user: str, kind: str, content: dict[str, Any], more: Mapping[str, int] | None = None
    ) -> None:
        message = {"touser": user, "agentid": self._agent_id, "msgtype": kind, kind: content}
        self._check_recipients(self._post_message("message/send", {**message, **(more or {})}))

    def _check_recipients(self, answer: dict[str, Any]) -> None:
        """The platform calls a message to nobody a success: who was left out is in the answer."""
        if answer.get("invaliduser"):
            raise Undeliverable("delivery.unknown_person", "invaliduser", permanent=True)
        if answer.get("unlicenseduser"):
            raise Undeliverable("wecom.not_allowed", "unlicenseduser", permanent=True)

    def _interpret_error(self, error: WeChatClientException) -> Undeliverable:
        told = super()._interpret_error(error)
        if error.errcode in NO_CHAT:
            return ChatLost("wecom.no_chat", told.detail, retry_after=SOON)
        return TaskKnown(told.reason, told.detail) if error.errcode == TASK_KNOWN else told

    def _fetch_token(self, force: bool) -> Token:
        asked_at = self._clock.now()
        params = {"corpid": self._corp_id, "corpsecret": self._secret}
        return self._token_of(self._session.get(f"{HOST}cgi-bin/gettoken", params=params), asked_at)


class TaskKnown(Undeliverable):
    """The platform has had this card already."""
