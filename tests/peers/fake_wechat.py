"""A small honest fake of api.weixin.qq.com: tokens, quotas, media, faults."""

import json
import re
from dataclasses import dataclass, field

from tests.peers.fake_platform import Answer, FakePlatform, FaultError, Trouble, check_menu

__all__ = ["APP_ID", "SECRET", "FakeWeChat", "Trouble"]

SENDS, WINDOW = 5, 48 * 3600.0
APP_ID, SECRET = "wx1234567890abcdef", "the-app-secret-3f9c"


FIELDS = {
    # Source: the platform's document on the parameters of template messages.
    "thing": r".{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "number": r"[\d.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "phone_number": r"[\d+()-]{1,17}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日 )?\d{1,2}:\d\d",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日",
    "name": r"[\u4e00-\u9fff]{1,10}|[A-Za-z ]{1,20}",
    "const": r".{1,20}",
}


def _fits(name: str, value: str) -> bool:
    return re.fullmatch(FIELDS[name.rstrip("0123456789")], value) is not None


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
    menu: list[Answer] = field(default_factory=list)
    templates: dict[str, set[str]] = field(default_factory=dict)
    """The account's templates and the fields each must be given."""
    declined: set[str] = field(default_factory=set)
    taken: set[tuple[str, str]] = field(default_factory=set)
    squares: list[str] = field(default_factory=list)
    """The words in the squares that were made."""

    def declines(self, user: str) -> None:
        """The person takes no template messages any more."""
        self.declined.add(user)

    def notices(self, user: str) -> list[dict[str, str]]:
        """The fields of the template messages that reached the person, in order."""
        kept = [message for message in self.sent[user] if "template_id" in message]
        return [
            {name: entry["value"] for name, entry in kept_one["data"].items()} for kept_one in kept
        ]

    def open_window(self, user: str) -> None:
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
        if path == "message/template/send":
            return self.template(json.loads(body))
        if path == "menu/get" and not self.menu:
            raise FaultError(46003)
        if path == "menu/get":
            return {"menu": {"button": self.menu}}
        if path == "menu/create":
            self.menu = check_menu(json.loads(body)["button"], under=60, url=1024)
            return {"errcode": 0, "errmsg": "ok"}
        if path == "qrcode/create":
            return self.square(json.loads(body))
        if path == "media/upload":
            return self.upload(body)
        if path == "media/get":
            return self.find_media(query)
        raise FaultError(404)

    def square(self, ask: Answer) -> Answer:
        scene = ask["action_info"]["scene"]["scene_str"]
        if ask["action_name"] != "QR_STR_SCENE" or not 1 <= len(scene) <= 64:
            raise FaultError(40053)
        if not 0 < ask["expire_seconds"] <= 2592000:
            raise FaultError(40052)
        self.squares.append(scene)
        url = f"http://weixin.qq.com/q/02{len(self.squares):06d}"
        return {"ticket": "gQ", "expire_seconds": ask["expire_seconds"], "url": url}

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

    def template(self, message: Answer) -> Answer:
        """Fields are all there, none empty and none too long, or nothing arrives (47003)."""
        user, data = str(message["touser"]), message["data"]
        wanted = self.templates.get(str(message["template_id"]))
        if wanted is None:
            raise FaultError(40037)
        if set(data) != wanted or not all(_fits(name, data[name]["value"]) for name in wanted):
            raise FaultError(47003)
        if user in self.declined:
            raise FaultError(43101)
        once = (user, str(message.get("client_msg_id", len(self.taken))))
        if once not in self.taken:
            self.taken.add(once)
            self.sent[user].append({"msgtype": "template", **message})
        return {"errcode": 0, "errmsg": "ok", "msgid": len(self.taken)}

    def _spend(self, user: str) -> None:
        window = self.windows.get(user)
        if window is None and not self.strict:
            window = self.windows[user] = Window(self.clock())
        if window is None or self.clock() - window.heard_at >= WINDOW:
            raise FaultError(45015)
        if window.sends >= SENDS and self.strict:
            raise FaultError(45047)
        window.sends += 1
