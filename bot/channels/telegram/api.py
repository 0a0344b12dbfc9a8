"""Calls Telegram's Bot API through python-telegram-bot; every method raises Undeliverable only."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    MenuButtonCommands,
)
from telegram.request import HTTPXRequest

from bot.channels.base import Undeliverable
from bot.channels.telegram.errors import interpret_error
from bot.channels.telegram.incoming import Tap
from storage.media.files import LARGEST

ASKED_FOR = ("message", "edited_message", "callback_query", "my_chat_member")
"""What the platform is to report."""
T = TypeVar("T")
Keyboard = Sequence[tuple[str, str]]
"""Buttons, one a line: what they show and what they carry."""


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, for an answer, for a file to go up or come down, for news to arrive."""

    connect: float = 5.0
    answer: float = 10.0
    file: float = 25.0
    news: int = 25


@dataclass(frozen=True)
class Spot:
    """Where a message goes: a chat, or one topic of a group."""

    chat: str
    topic: str = ""

    @property
    def thread(self) -> dict[str, Any]:
        """As the API names the topic."""
        return {"message_thread_id": int(self.topic)} if self.topic else {}


class Api:
    """One bot's side of the API. No exception leaves with its cause: it may quote the token."""

    def __init__(self, token: str, base: str, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        base = base.rstrip("/")
        self._lines = (_line(self._patience, 64), _line(self._patience, 1))
        self.bot = _Bot(
            token,
            f"{base}/bot",
            f"{base}/file/bot",
            request=self._lines[0],
            get_updates_request=self._lines[1],
        )

    async def close(self) -> None:
        """Let go of the connections."""
        for line in self._lines:
            await line.shutdown()

    async def name(self) -> str:
        """The bot's own name, as links have it."""
        return (await _safely(self.bot.get_me())).username or ""

    async def text(self, to: Spot, words: str, buttons: Keyboard = ()) -> None:
        """Send one text of at most 4096 UTF-16 units."""
        markup = _keyboard(buttons)
        sent = self.bot.send_message(to.chat, words, reply_markup=markup, **to.thread)
        await _safely(sent)

    async def thing(
        self, to: Spot, form: str, name: str, content: bytes, words: str, buttons: Keyboard = ()
    ) -> None:
        """Send a `photo`, `voice`, `audio`, `video` or `document`, with words under it if any."""
        send = getattr(self.bot, f"send_{form}")
        given: dict[str, Any] = {form: InputFile(content, name), **to.thread}
        if words:
            given["caption"] = words
        timeouts = {"write_timeout": self._patience.file, "read_timeout": self._patience.file}
        await _safely(send(to.chat, **given, reply_markup=_keyboard(buttons), **timeouts))

    async def rewrite(self, tap: Tap, words: str) -> None:
        """Give the card of a tap these words, or leave its own if empty; its buttons go."""
        at: dict[str, Any] = {"chat_id": tap.chat, "message_id": tap.message_id}
        if not words:
            await _safely(self.bot.edit_message_reply_markup(**at))
        elif tap.captioned:
            await _safely(self.bot.edit_message_caption(caption=words, **at))
        else:
            await _safely(self.bot.edit_message_text(words, **at))

    async def open_topic(self, chat: str, name: str) -> str:
        """A new topic of a group, by the platform's id of it."""
        return str((await _safely(self.bot.create_forum_topic(chat, name))).message_thread_id)

    async def shut(self, to: Spot, *, shut: bool) -> None:
        """Close a topic, or open it again."""
        change = self.bot.close_forum_topic if shut else self.bot.reopen_forum_topic
        await _safely(change(to.chat, int(to.topic)))

    async def answer(self, query: str, words: str) -> None:
        """Tell who tapped a button what came of it, in a line that passes."""
        await _safely(self.bot.answer_callback_query(query, words))

    async def commands(self) -> list[tuple[str, str]]:
        """What is listed when a person types a slash: names and what they mean."""
        return [
            (command.command, command.description)
            for command in await _safely(self.bot.get_my_commands())
        ]

    async def set_commands(self, commands: Sequence[tuple[str, str]]) -> None:
        """Publish what is listed, behind the menu button too."""
        await _safely(self.bot.set_my_commands(commands))
        await _safely(self.bot.set_chat_menu_button(menu_button=MenuButtonCommands()))

    async def content(self, ref: str) -> bytes:
        """What a person sent."""
        file = await _safely(self.bot.get_file(ref))
        if (file.file_size or 0) > LARGEST:
            raise Undeliverable("delivery.gone", "too large", permanent=True)
        timeout = self._patience.file
        return bytes(await _safely(file.download_as_bytearray(read_timeout=timeout)))

    async def news(self, offset: int) -> list[dict[str, Any]]:
        """The updates from this number on, which says that those before it are settled; waits for
        some to arrive. They come unread: one that is odd must not hide the others."""
        return await _safely(self.bot.raw_updates(offset, self._patience.news))

    async def announce(self, url: str, secret: str) -> None:
        """Have updates brought to this address; an empty one: they will be asked for."""
        if url:
            hook = self.bot.set_webhook(url, secret_token=secret, allowed_updates=ASKED_FOR)
            await _safely(hook)
        else:
            await _safely(self.bot.delete_webhook())


class _Bot(Bot):
    async def raw_updates(self, offset: int, wait: int) -> list[dict[str, Any]]:
        """Like `get_updates`, which loses a whole batch when it cannot read one of it."""
        given: dict[str, Any] = {"timeout": wait, "allowed_updates": ASKED_FOR}
        if offset:
            given["offset"] = offset
        limit = wait + (self._request[0].read_timeout or 0)
        found = await self._post("getUpdates", given, read_timeout=limit)
        return (
            [update for update in found if isinstance(update, dict)]
            if isinstance(found, list)
            else []
        )


def _line(patience: Patience, size: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=size,
        read_timeout=patience.answer,
        write_timeout=patience.answer,
        connect_timeout=patience.connect,
        pool_timeout=patience.answer,
        httpx_kwargs={"trust_env": False},
    )


def _keyboard(buttons: Keyboard) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(label, callback_data=data)] for label, data in buttons]
    return InlineKeyboardMarkup(rows) if rows else None


async def _safely(call: Awaitable[T]) -> T:
    trouble: Undeliverable
    try:
        return await call
    except Exception as error:  # noqa: BLE001 - the library and its client raise many kinds
        trouble = interpret_error(error)
    # Raised out here, the exception carries no context whose words hold the token.
    raise trouble
