"""A small honest fake of api.weixin.qq.com: tokens, quotas, media, faults."""

import json
from dataclasses import dataclass, field

from tests.peers.fake_platform import Answer, FakePlatform, FaultError, Trouble

__all__ = ["APP_ID", "SECRET", "FakeWeChat", "Trouble"]

SENDS, WINDOW = 5, 48 * 3600.0
APP_ID, SECRET = "wx1234567890abcdef", "the-app-secret-3f9c"


@dataclass
class Window:
    """What a person allows: sends since they last wrote."""

    heard_at: float
    sends: int = 0


@dataclass
class FakeWeChat(FakePlatform):
    """The platform's memory; `with FakeWeChat() as fake` serves it on loopback at `fake.base`.

    A person's window opens with `heard`; `strict=False` opens it for whoever is written to.
    """

    strict: bool = True
    windows: dict[str, Window] = field(default_factory=dict)

    def heard(self, user: str) -> None:
        """The person wrote: five sends within 48 hours from now."""
        with self._lock:
            self.windows[user] = Window(self.clock())

    # What each path does, under one lock.

    def act(self, path: str, query: dict[str, str], body: bytes) -> Answer | bytes:
        if path == "stable_token":
            return self.stable_token(json.loads(body))
        self.check_token(query, unknown=40001)
        if path == "message/custom/send":
            return self.send(json.loads(body))
        if path == "media/upload":
            return self.upload(body)
        if path == "media/get":
            return self.stored(query)
        raise FaultError(404)

    def stable_token(self, ask: Answer) -> Answer:
        if ask.get("grant_type") != "client_credential":
            raise FaultError(40002)
        if ask.get("appid") != APP_ID:
            raise FaultError(40013)
        if ask.get("secret") != SECRET:
            raise FaultError(40125)
        early = min(300, self.token_seconds / 2)
        return self.token(force=bool(ask.get("force_refresh")), early=early)

    def send(self, message: Answer) -> Answer:
        user = str(message["touser"])
        if message["msgtype"] == "text" and len(message["text"]["content"].encode()) > 2048:
            raise FaultError(45002)
        kind = message["msgtype"]
        if kind != "text" and message[kind]["media_id"] not in self.media:
            raise FaultError(40007)
        self._spend(user)
        self.sent[user].append(message)
        return {"errcode": 0, "errmsg": "ok"}

    def _spend(self, user: str) -> None:
        window = self.windows.get(user)
        if window is None and not self.strict:
            window = self.windows[user] = Window(self.clock())
        if window is None or self.clock() - window.heard_at >= WINDOW:
            raise FaultError(45015)
        if window.sends >= SENDS and self.strict:
            raise FaultError(45047)
        window.sends += 1
