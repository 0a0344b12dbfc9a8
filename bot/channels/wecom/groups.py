"""Posts to groups of WeCom: the one behind a webhook, and chats that the app makes itself."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from bot.channels.base import Undeliverable
from bot.channels.tencent.letters import Sheet
from bot.channels.tencent.pushing import read, upload_media
from bot.channels.wecom.api import WorkApi
from bot.channels.wecom.errors import ChatLost
from bot.channels.wecom.incoming import NAME
from bot.settings import WeComChannel
from storage.delivery import places
from storage.delivery.places import Place
from storage.media.files import MediaFolder
from storage.writers import Writer

MARK = "@"
"""How the address of a group begins; no member's id does."""
HOOK, OURS = f"{MARK}group", f"{MARK}chat"
"""The group behind the webhook; the chat that the app makes. Others are named by their chat id."""
FEWEST, LONGEST_NAME = 2, 50
"""Members of a chat, characters of its name. Source: the platform's description of appchat/create.
"""
LARGEST_IMAGE = 2 * 1024 * 1024
"""Bytes of a picture that a webhook takes. Source: the platform's guide to group robots."""
Content = dict[str, Any]
T = TypeVar("T")
log = structlog.get_logger()


class Groups:
    """Blocks, like the API: threads call it. Every method raises Undeliverable only."""

    def __init__(
        self,
        settings: WeComChannel,
        name: str,
        api: WorkApi,
        folder: MediaFolder,
        writer: Writer,
    ) -> None:
        """`name` is what the chat is called that the app makes."""
        self._folder = folder
        self._members = settings.chat_members
        self._name = name[:LONGEST_NAME]
        self._api = api
        self._writer = writer

    def post(self, user: str, sheet: Sheet) -> None:
        """Post one message to the group of this address."""
        if user == HOOK:
            self._api.group(*self._for_hook(sheet))
        elif user != OURS:
            self._api.to_chat(user.removeprefix(MARK), *self._for_chat(sheet))
        else:
            self._to_ours(*self._for_chat(sheet))

    def _for_hook(self, sheet: Sheet) -> tuple[str, Content]:
        if sheet.media is None:
            return "text", {"content": sheet.text}
        content = read(self._folder, sheet.media)
        if sheet.kind != "image" or len(content) > LARGEST_IMAGE:
            raise Undeliverable("wecom.not_for_hook", sheet.kind, permanent=True)
        mark = hashlib.md5(content, usedforsecurity=False).hexdigest()
        return "image", {"base64": base64.b64encode(content).decode(), "md5": mark}

    def _for_chat(self, sheet: Sheet) -> tuple[str, Content]:
        if sheet.media is None:
            return "text", {"content": sheet.text}
        media_id = upload_media(self._api, self._folder, sheet.media, sheet.kind)
        return sheet.kind, {"media_id": media_id}

    def _to_ours(self, kind: str, content: Content) -> None:
        chat = self._chat()
        try:
            self._api.to_chat(chat, kind, content)
        except ChatLost:
            # Somebody dissolved it: the next try makes another.
            log.warning("chat lost", chat=chat)
            self._keep(Place(NAME, OURS, secrets.token_hex(16), shut=True))
            raise

    def _chat(self) -> str:
        """The id of our chat. It is written down before the platform is asked to make it, so that
        a lost answer or a crash makes no second one."""
        place = self._run(lambda db: places.by_name(db, NAME, OURS))
        if place is None:
            place = Place(NAME, OURS, secrets.token_hex(16), shut=True)
            self._keep(place)
        if place.shut:
            self._make(place.at)
            self._keep(Place(NAME, OURS, place.at))
        return place.at

    def _make(self, chat: str) -> None:
        if len(self._members) < FEWEST:
            raise Undeliverable("wecom.no_members", permanent=True)
        try:
            self._api.make_chat(chat, self._name, self._members)
        except Undeliverable:
            if not self._api.has_chat(chat):
                raise

    def _keep(self, place: Place) -> None:
        self._run(lambda db: places.keep(db, place))

    def _run(self, work: Callable[[Connection], T]) -> T:
        return self._writer.submit(work).result()
