"""A small honest fake of Telegram's Bot API with a group whose topics can be made and closed.

What it answers and reports is read by the types of pyTelegramBotAPI, which nobody here wrote.
"""

import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web
from telebot import types

from tests.peers.telegram_emulator import Bubble

GROUP_PER_MINUTE = 20
SENDS = {"sendMessage": "text", "sendPhoto": "photo", "sendDocument": "document"}
BOT = {"id": 700700, "is_bot": True, "first_name": "Bot", "username": "park_bot"}
READERS: dict[str, Callable[[Any], Any]] = {
    "message": types.Message.de_json,
    "topic": types.ForumTopic.de_json,
    "update": types.Update.de_json,
    "file": types.File.de_json,
    "user": types.User.de_json,
}


class RefusedError(Exception):
    """An error code instead of an answer."""

    def __init__(self, words: str, code: int = 400, **parameters: int) -> None:
        super().__init__(words)
        self.words, self.code, self.parameters = words, code, parameters


@dataclass
class Topic:
    """One topic of a group."""

    name: str
    closed: bool = False
    bubbles: list[Bubble] = field(default_factory=list)


@dataclass
class FakeForum:
    """The platform's memory. `now` is in seconds; without it the group has no limit."""

    base: str = ""
    now: Callable[[], float] | None = None
    forum: bool = True
    admins_write_where_shut: bool = True
    topics: dict[tuple[str, int], Topic] = field(default_factory=dict)
    chats: dict[str, list[Bubble]] = field(default_factory=lambda: defaultdict(list))
    moved: dict[str, int] = field(default_factory=dict)
    toasts: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    troubles: dict[str, deque[RefusedError]] = field(default_factory=lambda: defaultdict(deque))
    files: dict[str, bytes] = field(default_factory=dict)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    commands: list[dict[str, str]] = field(default_factory=list)
    menu_button: str = "default"

    def __post_init__(self) -> None:
        self._ids = count(40)
        self._moments: defaultdict[str, deque[float]] = defaultdict(deque)

    def go_wrong(self, method: str, *troubles: RefusedError) -> None:
        """The next calls of this method meet these, one each."""
        self.troubles[method].extend(troubles)

    def topic(self, number: str) -> Topic:
        """The newest topic whose name begins with the number of an issue."""
        found = [topic for topic in self.topics.values() if topic.name.startswith(number)]
        return found[-1]

    def topic_id(self, number: str) -> int:
        """How the platform calls it."""
        wanted = self.topic(number)
        return next(key[1] for key, topic in self.topics.items() if topic is wanted)

    def delete(self, number: str) -> None:
        """Somebody deletes the topic with all that was said in it."""
        self.topics = {key: topic for key, topic in self.topics.items() if number not in topic.name}

    def texts(self, user: int) -> list[str]:
        """The words in a chat outside of any topic, oldest first."""
        return [bubble.text for bubble in self.chats[str(user)]]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of the API."""
        method = request.match_info["method"]
        self.calls[method] += 1
        fields, files = await _read_form(request)
        try:
            if self.troubles[method]:
                raise self.troubles[method].popleft()
            result = self.act(method, fields, files)
        except RefusedError as no:
            body = {"ok": False, "error_code": no.code, "description": no.words}
            more = {"parameters": no.parameters} if no.parameters else {}
            return web.json_response({**body, **more}, status=no.code)
        return web.json_response({"ok": True, "result": result})

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The content of a file."""
        return web.Response(body=self.files[request.match_info["name"]])

    def act(self, method: str, given: dict[str, Any], files: list[bytes]) -> Any:
        if method in SENDS:
            return self._send(method, given, files)
        if method.startswith("editMessage"):
            return self._edit(given)
        if method in ("createForumTopic", "closeForumTopic", "reopenForumTopic"):
            return self._change_topic(method, given)
        if method == "getFile":
            path = {"file_path": given["file_id"], "file_unique_id": "u"}
            return read("file", {"file_id": given["file_id"], **path})
        if method == "setMyCommands":
            self.commands = json.loads(given["commands"])
        elif method == "getMyCommands":
            return self.commands
        elif method == "getChatMenuButton":
            return {"type": self.menu_button}
        elif method == "setChatMenuButton":
            self.menu_button = json.loads(given["menu_button"])["type"]
        elif method == "answerCallbackQuery":
            self.toasts.append(given.get("text", ""))
        elif method == "getMe":
            return read("user", BOT)
        elif method != "deleteWebhook":
            raise RefusedError("Not Found", 404)
        return True

    def _send(self, method: str, given: dict[str, Any], files: list[bytes]) -> Any:
        chat = self._chat(given)
        self._count(chat)
        kind = SENDS[method]
        text = given.get("text", given.get("caption", ""))
        bubble = Bubble(next(self._ids), text, method, _buttons(given))
        message = {"message_id": bubble.id, "date": 1, "chat": _chat(chat), "from": BOT}
        if "message_thread_id" in given:
            number = int(given["message_thread_id"])
            self._open(chat, number).bubbles.append(bubble)
            message |= {"message_thread_id": number, "is_topic_message": True}
        else:
            self.chats[chat].append(bubble)
        self.sent += [(method, file) for file in files]
        return read("message", {**message, **_build_content(kind, text)})

    def _edit(self, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        everywhere = [*self.chats[chat], *(b for t in self.topics.values() for b in t.bubbles)]
        (bubble,) = (
            candidate for candidate in everywhere if candidate.id == int(given["message_id"])
        )
        bubble.text = given.get("text", given.get("caption", bubble.text))
        bubble.buttons = _buttons(given)
        return True

    def _change_topic(self, method: str, given: dict[str, Any]) -> Any:
        chat = self._chat(given)
        if not self.forum:
            raise RefusedError("Bad Request: the chat is not a forum")
        if method == "createForumTopic":
            if not 0 < len(given["name"]) <= 128:
                raise RefusedError("Bad Request: TOPIC_TITLE_INVALID")
            number = next(self._ids)
            self.topics[chat, number] = Topic(given["name"])
            made = {"message_thread_id": number, "name": given["name"], "icon_color": 7322096}
            return read("topic", made)
        topic = self.topics.get((chat, int(given["message_thread_id"])))
        closes = method == "closeForumTopic"
        if topic is None:
            raise RefusedError("Bad Request: TOPIC_ID_INVALID")
        if topic.closed is closes:
            raise RefusedError("Bad Request: TOPIC_NOT_MODIFIED")
        topic.closed = closes
        return True

    def _open(self, chat: str, number: int) -> Topic:
        topic = self.topics.get((chat, number))
        if topic is None:
            raise RefusedError("Bad Request: message thread not found")
        if topic.closed and not self.admins_write_where_shut:
            raise RefusedError("Bad Request: TOPIC_CLOSED")
        return topic

    def _chat(self, given: dict[str, Any]) -> str:
        chat = str(given["chat_id"])
        if chat in self.moved:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(words, migrate_to_chat_id=self.moved[chat])
        return chat

    def _count(self, chat: str) -> None:
        if self.now is None or not chat.startswith("-"):
            return
        now, recent = self.now(), self._moments[chat]
        while recent and now - recent[0] >= 60:
            recent.popleft()
        if len(recent) >= GROUP_PER_MINUTE:
            wait = int(60 - (now - recent[0])) + 1
            words = f"Too Many Requests: retry after {wait}"
            raise RefusedError(words, 429, retry_after=wait)
        recent.append(now)


def read(kind: str, found: dict[str, Any]) -> dict[str, Any]:
    """The same, which an independent library can read too."""
    assert READERS[kind](found) is not None, found
    return found


def _chat(chat: str) -> dict[str, Any]:
    if chat.startswith("-"):
        return {"id": int(chat), "type": "supergroup", "title": "Staff", "is_forum": True}
    return {"id": int(chat), "type": "private", "first_name": "Somebody"}


def _build_content(kind: str, text: str) -> dict[str, Any]:
    if kind == "text":
        return {"text": text}
    file = {"file_id": "f", "file_unique_id": "u"}
    thing = [{**file, "width": 1, "height": 1}] if kind == "photo" else file
    return {kind: thing, **({"caption": text} if text else {})}


def _buttons(given: dict[str, Any]) -> dict[str, str]:
    markup = json.loads(given.get("reply_markup", "null")) or {}
    rows = markup.get("inline_keyboard", ())
    return {button["text"]: button["callback_data"] for row in rows for button in row}


async def _read_form(request: web.Request) -> tuple[dict[str, Any], list[bytes]]:
    posted = await request.post()
    files = [value.file.read() for value in posted.values() if isinstance(value, web.FileField)]
    return {name: value for name, value in posted.items() if isinstance(value, str)}, files


@asynccontextmanager
async def forum() -> AsyncIterator[FakeForum]:
    """The platform, serving on loopback."""
    fake = FakeForum()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", fake.handle)
    app.router.add_get("/file/bot{token}/{name}", fake.download)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    fake.base = f"http://127.0.0.1:{port}"
    yield fake
    await runner.cleanup()
