"""Calls WeChat's API: messages out, pictures up, media down. Blocks: threads call it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.channels import Undeliverable
from bot.channels.wechat_faults import TOKEN, meaning
from bot.channels.wechat_token import TokenKeeper
from bot.channels.wechat_wire import HOST, TIMEOUT, Timeout, session
from bot.clock import Clock
from storage.tokens import Token
from storage.writers import Writer

LARGEST = 20 * 1024 * 1024
"""Bytes of one medium; the platform's own limit for videos is 10 MB."""
VIDEO_HOSTS = (".qq.com", ".qpic.cn", ".weixin.qq.com")

T = TypeVar("T")


class Api:
    """One account's side of the API. Every method raises Undeliverable, and nothing else.

    No exception leaves with its cause: those of requests quote the address with its tokens.
    """

    def __init__(
        self,
        app_id: str,
        secret: str,
        base: str,
        writer: Writer,
        clock: Clock,
        timeout: Timeout = TIMEOUT,
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._clock = clock
        self._session = session(base, timeout)
        # wechatpy would renew and retry without end (auto_retry) and share no token.
        self._client = WeChatClient(app_id, "", auto_retry=False)
        self._client._http = self._session
        self._tokens = TokenKeeper(f"wechat:{app_id}", writer, clock, self._stable_token)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def text(self, user: str, words: str) -> None:
        """Send one text of at most 2048 bytes."""
        self._send({"touser": user, "msgtype": "text", "text": {"content": words}})

    def medium(self, user: str, kind: str, media_id: str) -> None:
        """Send one `image` or `voice` that was uploaded before."""
        self._send({"touser": user, "msgtype": kind, kind: {"media_id": media_id}})

    def upload(self, kind: str, name: str, content: bytes, mime: str) -> str:
        """Upload an `image` or `voice`; its media id, good for 3 days."""

        # Bytes, never a file object: a second try would send a file that is read to its end.
        def call(token: str) -> Any:
            params = {"type": kind, "access_token": token}
            files = {"media": (name, content, mime)}
            return self._client.post("media/upload", params=params, files=files)

        return str(self._asked(call)["media_id"])

    def media(self, ref: str) -> bytes:
        """What a person sent. A video comes as an address, which is followed."""

        def call(token: str) -> Any:
            params = {"access_token": token, "media_id": ref}
            return self._client.get("media/get", params=params)

        answer = self._safely(lambda: self._with_token(call))
        if isinstance(answer, dict):
            return self._safely(lambda: self._video(str(answer.get("video_url", ""))))
        return bytes(answer.content)

    def _send(self, message: dict[str, Any]) -> None:
        def call(token: str) -> Any:
            params = {"access_token": token}
            return self._client.post("message/custom/send", params=params, data=message)

        self._asked(call)

    def _asked(self, call: Callable[[str], Any]) -> dict[str, Any]:
        answer = self._safely(lambda: self._with_token(call))
        if not isinstance(answer, dict):
            raise Undeliverable("delivery.slow", "the answer is no JSON")
        return answer

    def _with_token(self, call: Callable[[str], T]) -> T:
        """One refusal of the token gets one new token and one more try."""
        token = self._tokens.current()
        try:
            return call(token)
        except WeChatClientException as error:
            if error.errcode not in TOKEN:
                raise
        return call(self._tokens.instead_of(token))

    def _safely(self, work: Callable[[], T]) -> T:
        trouble: Undeliverable
        try:
            return work()
        except Undeliverable as known:
            trouble = known
        except WeChatClientException as error:
            trouble = _told(error)
        except Exception as error:  # noqa: BLE001 - wechatpy and requests raise many kinds
            trouble = Undeliverable("delivery.slow", type(error).__name__)
        # Raised out here, the exception carries no context whose words hold secrets.
        raise trouble

    def _stable_token(self, force: bool) -> Token:
        if not (self._app_id and self._secret):
            raise Undeliverable("delivery.no_secret", retry_after=timedelta(minutes=5))
        ask = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        asked_at = self._clock.now()
        answer = self._session.post(f"{HOST}cgi-bin/stable_token", json=ask)
        answer.raise_for_status()
        told = answer.json()
        if told.get("errcode"):
            raise meaning(int(told["errcode"]), str(told.get("errmsg", "")))
        return Token(str(told["access_token"]), asked_at + timedelta(seconds=told["expires_in"]))

    def _video(self, address: str) -> bytes:
        host = urlsplit(address).hostname or ""
        if not host.endswith(VIDEO_HOSTS):
            raise Undeliverable("delivery.gone", "video on an unknown host", permanent=True)
        with self._session.get(address, stream=True) as answer:
            answer.raise_for_status()
            return _limited(answer)


def _limited(answer: requests.Response) -> bytes:
    content = bytearray()
    for part in answer.iter_content(1 << 16):
        content += part
        if len(content) > LARGEST:
            raise Undeliverable("delivery.gone", "too large", permanent=True)
    return bytes(content)


def _told(error: WeChatClientException) -> Undeliverable:
    if error.errcode is not None:
        return meaning(int(error.errcode), str(error.errmsg))
    status = getattr(error.response, "status_code", "?")
    return Undeliverable("delivery.slow", f"HTTP {status}")
