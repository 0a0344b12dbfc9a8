"""The WeChat channel: an Official Account (服务号), where entrepreneurs are."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from wechatpy.replies import TextReply

from bot.channels import Letter, Undeliverable, window
from bot.channels.pushing import deliver, pictures_ready, push
from bot.channels.wechat_api import Api
from bot.channels.wechat_fields import MessageError
from bot.channels.wechat_hearing import NAME, Heard, understood
from bot.channels.wechat_letters import passive, sheets, tells_result
from bot.channels.wechat_seal import Query, Rejected, Seal
from bot.channels.wechat_wire import THREADS
from bot.channels.wechat_xml import fenced
from bot.clock import Clock, SystemClock
from bot.settings import WeChatChannel
from storage.files import MediaFolder
from storage.media import KeptMedia
from storage.outbox import Parcel
from storage.writers import Writer

T = TypeVar("T")


class WeChat:
    """Hears webhooks and answers them in the same exchange; writes first within the platform's
    window. `machine` is the true time, for what the platform signs; the bot's own may be moved."""

    name = NAME
    merges = True

    def __init__(
        self,
        settings: WeChatChannel,
        folder: MediaFolder,
        writer: Writer,
        machine: Clock | None = None,
    ) -> None:
        secret = settings.secret.get_secret_value()
        self._account = settings.account
        self._machine = machine or SystemClock()
        self._folder = folder
        self._seal = Seal(
            settings.token.get_secret_value(),
            settings.aes_key.get_secret_value(),
            settings.app_id,
        )
        self._api = Api(settings.app_id, secret, settings.api_base, writer, self._machine)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=NAME)

    async def start(self) -> None:
        """Nothing to open: connections are made when they are needed."""

    async def stop(self) -> None:
        """Let go of connections; a call under way ends by its own time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._api.close()

    def echo(self, query: Mapping[str, str]) -> str:
        """The answer to the platform's check of our address. Raises Rejected."""
        return self._seal.echo(Query.of(query), self._machine.now())

    def hear(self, query: Mapping[str, str], body: bytes) -> Heard | None:
        """What a webhook request says; None for what asks for nothing. Raises Rejected."""
        fields = self._seal.open(Query.of(query), body, self._machine.now())
        try:
            heard = understood(fields)
        except MessageError as error:
            raise Rejected(400, str(error)) from None
        if heard and self._account and heard.account != self._account:
            raise Rejected(403, "for another account")
        return heard

    def reply(
        self, query: Mapping[str, str], heard: Heard, parcels: Sequence[Parcel]
    ) -> tuple[str, int]:
        """The body of the passive reply and how many parcels from the first on it carries.

        The same parcels give the same reply: its time is theirs.
        """
        text, count = passive(parcels)
        if not count:
            return "", 0
        reply = TextReply(
            source=heard.account,
            target=heard.incoming.address.user,
            time=int(parcels[count - 1].created_at.timestamp()),
            content=fenced(text),
        )
        return self._seal.close(reply.render(), Query.of(query)), count

    async def send(self, letter: Letter, now: datetime) -> int:
        """Push the letter; each message costs one send of the window.

        Raises Undeliverable, which says how much of the letter has left nonetheless.
        """
        left = window.check(letter.reach, now)
        pictures_ready(letter, now)
        return await self._in_thread(lambda: self._push(letter, left))

    async def fetch(self, item: KeptMedia) -> bytes:
        """What a person sent. Raises Undeliverable."""
        return await self._in_thread(lambda: self._api.media(item.ref))

    def _push(self, letter: Letter, left: int) -> int:
        kept_back = 0 if tells_result(letter.parcels) else 1
        user = letter.parcels[0].address.user

        def may(spent: int) -> None:
            if left - spent <= kept_back:
                raise Undeliverable("delivery.window_used_up", "last send kept", hold=True)

        return push(sheets(letter), may, lambda one: deliver(self._api, self._folder, user, one))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
