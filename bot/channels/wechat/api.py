"""Calls WeChat's API: messages out, pictures up, media down. Blocks: threads call it."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

import requests
from wechatpy import WeChatClient

from bot.channels.base import Undeliverable
from bot.channels.tencent.http_client import HOST, TIMEOUT, Timeout, session
from bot.channels.tencent.platform_api import PlatformApi
from bot.channels.wechat.errors import CODES
from bot.clock import Clock
from storage.delivery.tokens import Token
from storage.writers import Writer

LARGEST = 20 * 1024 * 1024
"""Bytes of one medium; the platform's own limit for videos is 10 MB."""
VIDEO_HOSTS = (".qq.com", ".qpic.cn", ".weixin.qq.com")


class Api(PlatformApi):
    """One account's side of the API."""

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
        client = WeChatClient(app_id, "", auto_retry=False)
        line = session(base, timeout)
        super().__init__(f"wechat:{app_id}", client, line, CODES, writer, clock)

    def text(self, user: str, words: str) -> None:
        """Send one text of at most 2048 bytes."""
        message = {"touser": user, "msgtype": "text", "text": {"content": words}}
        self._post_message("message/custom/send", message)

    def medium(self, user: str, kind: str, media_id: str) -> None:
        """Send one `image` or `voice` that was uploaded before."""
        message = {"touser": user, "msgtype": kind, kind: {"media_id": media_id}}
        self._post_message("message/custom/send", message)

    def template(self, user: str, template_id: str, data: Mapping[str, str], unique: str) -> str:
        """Send one template message; within ten minutes the platform takes one of each `unique`
        name only, so that a send whose answer was lost is not doubled. The id by which its
        TEMPLATESENDJOBFINISH tells what became of it."""
        message = {
            "touser": user,
            "template_id": template_id,
            "client_msg_id": unique,
            "data": {name: {"value": value} for name, value in data.items()},
        }
        return str(self._post_message("message/template/send", message).get("msgid", ""))

    def square(self, words: str, good_for: timedelta) -> str:
        """What a square (带参数二维码) says that brings whoever scans it to the account, with these
        words of ours (64 characters at most), for 30 days at most."""
        scene = {"scene": {"scene_str": words}}
        ask = {"action_name": "QR_STR_SCENE", "action_info": scene}
        seconds = int(good_for.total_seconds())
        return str(self._post_message("qrcode/create", {"expire_seconds": seconds, **ask})["url"])

    def media(self, ref: str) -> bytes:
        """What a person sent. A video comes as an address, which is followed."""
        answer = self._fetch_media(ref)
        if isinstance(answer, dict):
            return self._safely(lambda: self._video(str(answer.get("video_url", ""))))
        return bytes(answer.content)

    def _fetch_token(self, force: bool) -> Token:
        if not (self._app_id and self._secret):
            raise Undeliverable("delivery.no_secret", retry_after=timedelta(minutes=5))
        ask = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        asked_at = self._clock.now()
        return self._token_of(self._session.post(f"{HOST}cgi-bin/stable_token", json=ask), asked_at)

    def _video(self, address: str) -> bytes:
        host = urlsplit(address).hostname or ""
        if not host.endswith(VIDEO_HOSTS):
            raise Undeliverable("delivery.gone", "video on an unknown host", permanent=True)
        with self._session.get(address, stream=True) as answer:
            answer.raise_for_status()
            return _read_limited(answer)


def _read_limited(answer: requests.Response) -> bytes:
    content = bytearray()
    for part in answer.iter_content(1 << 16):
        content += part
        if len(content) > LARGEST:
            raise Undeliverable("delivery.gone", "too large", permanent=True)
    return bytes(content)
