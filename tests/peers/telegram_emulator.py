"""Telegram as a park sees it: `lo-bot-api-emulator` on loopback, what it was sent kept by phone."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator, updates

TOKEN = "700700:AAEmulatedBotTokenForTestsOnly"
# Its queue knows the names of more kinds of updates than it lets pass; it invents nothing of them.
updates.KINDS.update({"edited_message", "my_chat_member"})
SENDS = ("sendMessage", "sendPhoto", "sendVideo", "sendDocument", "sendVoice", "sendMediaGroup")


def too_many(seconds: int) -> ApiRefusal:
    """429."""
    return ApiRefusal(f"Too Many Requests: retry after {seconds}", 429, {"retry_after": seconds})


def refuse_blocked() -> ApiRefusal:
    """403."""
    return ApiRefusal("Forbidden: bot was blocked by the user", 403)


def wrong(words: str = "Bad Request: chat not found") -> ApiRefusal:
    """400."""
    return ApiRefusal(words)


def refuse_upgraded(chat: int) -> ApiRefusal:
    """The group has become a supergroup."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiRefusal(words, 400, {"migrate_to_chat_id": chat})


@dataclass
class Bubble:
    """One message on a phone."""

    id: int
    text: str
    method: str
    buttons: dict[str, str] = field(default_factory=dict)


class Emulator(LoBotApiEmulator):  # type: ignore[misc]
    """The emulator, whose verdict stands; beside it what each phone shows, and trouble to order."""

    def __init__(self) -> None:
        super().__init__(allow_insecure_loopback_webhooks=True)
        self.base = ""
        self.screens: dict[str, list[Bubble]] = {}
        self.toasts: list[str] = []
        self.calls: Counter[str] = Counter()
        self.refused: list[str] = []
        self.troubles: dict[str, deque[ApiRefusal]] = {}
        self.hanging: asyncio.Event | None = None
        self.webhooks: list[dict[str, Any]] = []
        self._offset = 0
        self._asked = asyncio.Event()

    def screen(self, user: int) -> list[Bubble]:
        """What this phone shows, oldest first."""
        return self.screens.get(str(user), [])

    def go_wrong(self, chat: int, *troubles: ApiRefusal) -> None:
        """The next sends to this chat fail so."""
        self.troubles[str(chat)] = deque(troubles)

    async def handle(self, request: Any) -> Any:
        """One call of the API."""
        method = request.match_info["method"]
        self.calls[method] += 1
        if self.hanging is not None and method in SENDS:
            await self.hanging.wait()
        answer = await super().handle(request)
        if answer.status not in (200, 409):
            self.refused.append(f"{method} {answer.text}")
        return answer

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        """The emulator's own judgement; what it lets pass appears on the phone."""
        if method in SENDS and (waiting := self.troubles.get(str(fields["chat_id"]))):
            raise waiting.popleft()
        result = super().validate(method, fields, uploads)
        if method in SENDS:
            self._show(method, fields, result)
        elif method.startswith("editMessage"):
            self._change(fields)
        elif method == "answerCallbackQuery":
            self.toasts.append(fields.get("text", ""))
        elif method == "setWebhook":
            self.webhooks.append(fields)
        elif method == "getUpdates":
            self._offset = int(fields.get("offset", 0))
            self._asked.set()
        return result

    async def wait_for_update(self, update_id: int) -> None:
        """Wait until the bot has asked for what comes after this update."""
        async with asyncio.timeout(10):
            while self._offset <= update_id:
                self._asked.clear()
                await self._asked.wait()

    def _show(self, method: str, fields: dict[str, Any], result: dict[str, Any]) -> None:
        text = fields.get("text", fields.get("caption", ""))
        bubble = Bubble(result["message_id"], text, method, _buttons(fields))
        self.screens.setdefault(str(fields["chat_id"]), []).append(bubble)

    def _change(self, fields: dict[str, Any]) -> None:
        for bubble in self.screens[str(fields["chat_id"])]:
            if bubble.id == int(fields["message_id"]):
                bubble.text = fields.get("text", fields.get("caption", bubble.text))
                bubble.buttons = _buttons(fields)


def _buttons(fields: dict[str, Any]) -> dict[str, str]:
    markup = fields.get("reply_markup")
    rows = (json.loads(markup) if isinstance(markup, str) else markup or {}).get("inline_keyboard")
    return {button["text"]: button["callback_data"] for row in rows or () for button in row}


@asynccontextmanager
async def run_emulator() -> AsyncIterator[Emulator]:
    """The emulator, serving on loopback."""
    emulator = Emulator()
    runner = web.AppRunner(emulator.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    emulator.base = f"http://127.0.0.1:{port}"
    yield emulator
    await runner.cleanup()
