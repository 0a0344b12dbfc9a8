"""A small honest fake of qyapi.weixin.qq.com: tokens, messages, cards, media, what it drops."""

import base64
import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.peers.fake_platform import Answer, FakePlatform, FaultError, check_menu

CORP_ID, AGENT_ID, SECRET = "ww0123456789abcdef", 1000002, "the-agent-secret-7d1e"
GROUP_KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
TEXT_BYTES = 2048
PER_MINUTE, GROUP_PER_MINUTE = 30, 20
CODE_GOOD_FOR = 72 * 3600.0
OK: Answer = {"errcode": 0, "errmsg": "ok"}


@dataclass
class FakeWeCom(FakePlatform):
    """The platform's memory. What nobody is told of is counted: messages over the limit
    (`dropped`) and texts cut short (`shortened`)."""

    members: set[str] = field(default_factory=set)
    lenient: bool = False
    """Whether a message to nobody is called a success, with the name in `invaliduser`."""
    dropped: Counter[str] = field(default_factory=Counter)
    shortened: int = 0
    cards: dict[str, Answer] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    """What the buttons of a card were turned into, by its task id."""
    group: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    """What groups and chats were shown."""
    chats: dict[str, Answer] = field(default_factory=dict)
    """The chats that the app made, with what was said there under `said`."""
    menu: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._codes: dict[str, tuple[str, float]] = {}
        self._made = 0
        self._said: dict[tuple[str, str], float] = {}
        self._moments: defaultdict[str, list[float]] = defaultdict(list)

    def newest_card(self, user: str) -> Answer:
        """The last card this person got."""
        kept = [message for message in self.sent[user] if message["msgtype"] == "template_card"]
        card: Answer = kept[-1]["template_card"]
        return card

    def response_code(self, task: str) -> str:
        """A new code for this card, as a tap on it makes one: good once, within 72 hours."""
        self._made += 1
        code = f"code-{self._made}-Qz"
        self._codes[code] = (task, self.clock() + CODE_GOOD_FOR)
        return code

    def end_codes(self) -> None:
        """Every code given out is too old."""
        self._codes.clear()

    def act(self, path: str, query: dict[str, str], body: bytes) -> Answer | bytes:
        if path == "gettoken":
            return self.gettoken(query)
        if path == "webhook/send":
            return self.to_group(query, json.loads(body))
        self.check_token(query, unknown=40014)
        if path == "message/send":
            return self.send(json.loads(body))
        if path == "message/update_template_card":
            return self.update(json.loads(body))
        if path.startswith("appchat/"):
            return self.chat(path.removeprefix("appchat/"), query, body)
        if path.startswith("menu/"):
            return self.answer_menu(path.removeprefix("menu/"), query, body)
        if path == "media/upload":
            return {**OK, **self.upload(body)}
        if path == "media/get":
            return self.find_media(query)
        raise FaultError(404)

    def gettoken(self, query: dict[str, str]) -> Answer:
        if query.get("corpid") != CORP_ID:
            raise FaultError(40013)
        if query.get("corpsecret") != SECRET:
            raise FaultError(40001)
        return {**OK, **self.token(force=False, early=0)}

    def send(self, message: Answer) -> Answer:
        if message.get("agentid") != AGENT_ID:
            raise FaultError(40056)
        user, kind = str(message["touser"]), message["msgtype"]
        if user not in self.members:
            if self.lenient:
                return {**OK, "invaliduser": user}
            raise FaultError(81013)
        told = {**OK, "msgid": "m"}
        if kind == "template_card":
            told["response_code"] = self._card(message["template_card"])
        elif kind in ("text", "markdown"):
            self._shorten(message[kind])
        elif message[kind]["media_id"] not in self.media:
            raise FaultError(40007)
        if self._is_duplicate(user, message):
            return told
        if self._over(user, PER_MINUTE):
            self.dropped[user] += 1
        else:
            self.sent[user].append(message)
        return told

    def update(self, ask: Answer) -> Answer:
        if ask.get("agentid") != AGENT_ID:
            raise FaultError(40056)
        task, until = self._codes.pop(str(ask["response_code"]), ("", 0.0))
        if not task or self.clock() > until:
            raise FaultError(40058)
        self.buttons[task] = ask["button"]["replace_name"]
        return OK

    def to_group(self, query: dict[str, str], message: Answer) -> Answer:
        if query.get("key") != GROUP_KEY:
            raise FaultError(93000)
        if self._over("", GROUP_PER_MINUTE):
            raise FaultError(45009)
        if message["msgtype"] == "image":
            raw = base64.b64decode(message["image"]["base64"])
            if hashlib.md5(raw).hexdigest() != message["image"]["md5"] or len(raw) > 2 * 1024**2:
                raise FaultError(40009)
            self.pictures.append(raw)
            return OK
        self._shorten(message["text"])
        self.group.append(message["text"]["content"])
        return OK

    def chat(self, verb: str, query: dict[str, str], body: bytes) -> Answer:
        """Chats of the app's own: made, looked at, spoken to."""
        if verb == "get":
            if query.get("chatid") not in self.chats:
                raise FaultError(86003)
            found = {k: v for k, v in self.chats[query["chatid"]].items() if k != "said"}
            return {**OK, "chat_info": found}
        ask = json.loads(body)
        if verb == "create":
            return self._new_chat(ask)
        if ask["chatid"] not in self.chats:
            raise FaultError(86003)
        if ask["msgtype"] == "image":
            self.pictures.append(self.media[ask["image"]["media_id"]])
            return OK
        self._shorten(ask["text"])
        self.chats[ask["chatid"]]["said"].append(ask["text"]["content"])
        return OK

    def _new_chat(self, ask: Answer) -> Answer:
        if not re.fullmatch(r"[0-9A-Za-z]{1,32}", ask["chatid"]) or ask["chatid"] in self.chats:
            raise FaultError(86001)
        if len(set(ask["userlist"])) < 2 or not set(ask["userlist"]) <= self.members:
            raise FaultError(86006)
        self.chats[ask["chatid"]] = {**ask, "said": []}
        return {**OK, "chatid": ask["chatid"]}

    def answer_menu(self, verb: str, query: dict[str, str], body: bytes) -> Answer:
        """The menu of the app."""
        if query.get("agentid") != str(AGENT_ID):
            raise FaultError(40056)
        if verb == "get":
            if not self.menu:
                raise FaultError(46003)
            return {**OK, "button": self.menu}
        self.menu = check_menu(json.loads(body)["button"], under=40, url=256)
        return OK

    def _card(self, card: dict[str, Any]) -> str:
        task, keys = card["task_id"], [button["key"] for button in card["button_list"]]
        if not re.fullmatch(r"[0-9A-Za-z_@-]{1,128}", task) or task in self.cards:
            raise FaultError(42014)
        whole = card["card_type"] == "button_interaction" and card["main_title"]["title"]
        if not (whole and 0 < len(keys) <= 6 and len(set(keys)) == len(keys)):
            raise FaultError(40058)
        self.cards[task] = card
        return self.response_code(task)

    def _shorten(self, text: Answer) -> None:
        raw = text["content"].encode()
        self.shortened += len(raw) > TEXT_BYTES
        text["content"] = raw[:TEXT_BYTES].decode("utf-8", "ignore")

    def _is_duplicate(self, user: str, message: Answer) -> bool:
        """Whether the very same was delivered a while ago and the sender wants it only once."""
        content = json.dumps(message[message["msgtype"]], sort_keys=True)
        last = self._said.get((user, content))
        self._said[user, content] = self.clock()
        if not message.get("enable_duplicate_check") or last is None:
            return False
        return self.clock() - last < int(message.get("duplicate_check_interval", 1800))

    def _over(self, user: str, most: int) -> bool:
        now = self.clock()
        self._moments[user] = recent = [
            moment for moment in self._moments[user] if now - moment < 60
        ]
        if len(recent) >= most:
            return True
        recent.append(now)
        return False
