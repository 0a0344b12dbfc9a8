"""The local channel: the phones page. An ordinary channel that keeps the platforms' rules."""

import asyncio
from datetime import datetime

from bot.channels import Letter, Undeliverable, window
from storage.files import MediaFolder
from storage.media import KeptMedia

NAME = "local"


class Local:
    """Phones of the page. Those of contacts follow the rules of a WeChat account."""

    name = NAME
    merges = False

    def __init__(self, folder: MediaFolder, staff: frozenset[str]) -> None:
        self._folder = folder
        self._staff = staff
        self._changed = asyncio.Event()
        self.failing: set[str] = set()

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    def is_wechat(self, user: str) -> bool:
        """Whether this phone follows the rules of WeChat (no buttons, 48 hours, a slot)."""
        return user not in self._staff

    async def send(self, letter: Letter, now: datetime) -> int:
        """Show the letter on its phone; the page reads it from the outbox."""
        user = letter.parcels[0].address.user
        if user in self.failing:
            raise Undeliverable("delivery.simulated")
        cost = 0
        if self.is_wechat(user):
            window.check(letter.reach, now)
            cost = 1
        self.changed()
        return cost

    async def fetch(self, item: KeptMedia) -> bytes:
        """Pictures of the page are ours from the first moment."""
        raise Undeliverable("delivery.gone", permanent=True)

    def changed(self) -> None:
        """Something on a phone is new: wake the pages."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until_changed(self, timeout: float) -> bool:
        """Wait for news; False when there was none in `timeout` seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return False
        return True
