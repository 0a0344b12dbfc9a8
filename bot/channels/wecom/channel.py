"""The WeCom channel (企业微信): an app of the park's own, where liaisons and leaders are."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from bot.channels.base import Letter
from bot.channels.tencent.crypto import Query, Rejected, WorkSeal
from bot.channels.tencent.fields import MessageError
from bot.channels.tencent.http_client import TIMEOUT, Timeout
from bot.channels.tencent.letters import Sheet
from bot.channels.tencent.pushing import deliver, pictures_ready, push
from bot.channels.tencent.sealed import SealedChannel
from bot.channels.throttle import Throttle
from bot.channels.wecom.api import WorkApi
from bot.channels.wecom.cards import Button, button
from bot.channels.wecom.groups import HOOK, MARK, Groups
from bot.channels.wecom.incoming import NAME, Tap, parse_fields
from bot.channels.wecom.outgoing import KINDS, MOST, CardSheet, MarkedSheet, sheets
from bot.clock import Clock
from bot.core.messages import Incoming
from bot.settings import WeComChannel
from storage.delivery import outbox
from storage.media.files import MediaFolder
from storage.writers import Writer

PER_PERSON = (30, timedelta(minutes=1)), (1000, timedelta(hours=1))
"""What goes beyond is dropped by the platform, which says nothing."""
PER_GROUP = (20, timedelta(minutes=1))

T = TypeVar("T")


class WeCom(SealedChannel):
    """Hears webhooks and answers by writing first, which has no window here."""

    name = NAME
    merges = False
    kinds, most = KINDS, MOST
    _api: WorkApi

    def __init__(
        self,
        settings: WeComChannel,
        folder: MediaFolder,
        writer: Writer,
        machine: Clock | None = None,
        timeout: Timeout = TIMEOUT,
        *,
        group_name: str = "",
    ) -> None:
        """`group_name`: what the chat is called that the app makes for the park's agenda."""
        token, aes_key = settings.token.get_secret_value(), settings.aes_key.get_secret_value()
        super().__init__(WorkSeal(token, aes_key, settings.corp_id), folder, machine)
        self._settings = settings
        self._writer = writer
        self._api = WorkApi(settings, writer, self._machine, timeout)
        self._groups = Groups(settings, group_name, self._api, folder, writer)
        self._people, self._group = Throttle(*PER_PERSON), Throttle(PER_GROUP)

    def hear(self, query: Mapping[str, str], body: bytes) -> Incoming | Tap | None:
        """What a webhook request says; None for what asks for nothing. Raises Rejected."""
        fields = self._seal.open(Query.of(query), body, self._machine.now())
        if fields.get("ToUserName") != self._settings.corp_id:
            raise Rejected(403, "for another company")
        if fields.get("AgentID", "") not in ("", str(self._settings.agent_id)):
            raise Rejected(403, "for another app")
        try:
            return parse_fields(fields)
        except MessageError as error:
            raise Rejected(400, str(error)) from None

    async def button(self, tap: Tap, now: datetime) -> Button | None:
        """What was tapped; None for a card that this person was never sent."""
        return await self._read(lambda db: button(db, tap.address, tap.task, tap.digit, now))

    async def use_up(self, tap: Tap, words: str) -> None:
        """Turn the buttons of the tapped card into these words. Raises Undeliverable, for good
        when the card's code was used before or is too old."""
        user, code = tap.address.user, tap.response_code
        await self._in_thread(lambda: self._api.use_up(user, code, words))

    async def send(self, letter: Letter, now: datetime) -> int:
        """Push the letter. Raises Undeliverable, which says how much of it has left nonetheless."""
        pictures_ready(letter, now)
        thread, since = letter.parcels[0].thread_id, now - self._people.longest
        settled = await self._read(lambda db: outbox.moments_sent(db, thread, since))
        return await self._in_thread(lambda: self._push(letter, now, settled))

    def _push(self, letter: Letter, now: datetime, settled: list[datetime]) -> int:
        user = letter.parcels[0].address.user
        throttle = self._group if user == HOOK else self._people
        return push(
            self._sheets(letter, user),
            lambda _spent: throttle.take(user, now, settled),
            lambda sheet: self._one(user, sheet, again=letter.parcels[0].attempts > 1),
        )

    def _sheets(self, letter: Letter, user: str) -> list[Sheet]:
        """In a group nobody taps and words are plain."""
        if user.startswith(MARK):
            return sheets(letter, cards=False, markdown=False)
        return sheets(letter, markdown=self._settings.markdown)

    def _one(self, user: str, sheet: Sheet, *, again: bool) -> None:
        if user.startswith(MARK):
            self._groups.post(user, sheet)
        elif isinstance(sheet, CardSheet):
            self._api.card(user, dict(sheet.card))
        elif isinstance(sheet, MarkedSheet):
            self._api.send_markdown(user, sheet.text, again=again)
        elif again and sheet.media is None:
            self._api.text_again(user, sheet.text)
        else:
            deliver(self._api, self._folder, user, sheet)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))
