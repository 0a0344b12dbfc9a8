"""What the channels of WeChat and WeCom share: sealed deliveries, calls in threads of their own."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.channels.tencent.crypto import Query, Seal
from bot.channels.tencent.http_client import THREADS
from bot.channels.tencent.platform_api import PlatformApi
from bot.clock import Clock, SystemClock
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia

T = TypeVar("T")


class SealedChannel:
    """Hears webhooks, writes through an API that blocks. `machine` is the true time, for what the
    platform signs; the bot's own may be moved."""

    name: str
    kinds: Mapping[str, str]
    """What the platform calls each type of thing that it takes."""
    most: Mapping[str, int]
    """Bytes of each of these kinds."""
    _api: PlatformApi

    def __init__(self, seal: Seal, folder: MediaFolder, machine: Clock | None) -> None:
        self._seal = seal
        self._folder = folder
        self._machine = machine or SystemClock()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=self.name)

    async def start(self) -> None:
        """Nothing to open: connections are made when they are needed."""

    async def stop(self) -> None:
        """Let go of connections; a call under way ends by its own time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._api.close()

    def echo(self, query: Mapping[str, str]) -> str:
        """The answer to the platform's check of our address. Raises Rejected."""
        return self._seal.echo(Query.of(query), self._machine.now())

    async def fetch(self, item: KeptMedia) -> bytes:
        """What a person sent. Raises Undeliverable."""
        return await self._in_thread(lambda: self._api.media(item.ref))

    def takes(self, item: KeptMedia) -> bool:
        """Whether the platform takes this thing, by its type and its size."""
        kind = self.kinds.get(item.mime)
        try:
            return kind is not None and self._folder.size(item.path) <= self.most[kind]
        except FileNotFoundError:
            return True  # the sending tells so

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
