"""The local channel: the phones page. An ordinary channel that keeps the platforms' rules."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.channels import window
from bot.channels.base import Letter, Undeliverable
from bot.channels.wording import merge_parcels, split, utf8_bytes
from storage.delivery.outbox import Parcel
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia

NAME = "local"
GROUP = "group"
"""The phone of the Monday group. It follows the rules of a group webhook: it can only be told."""


class Local:
    """Phones of the page. Those of contacts follow the rules of a WeChat account.

    What is on a phone is read from the database, so any process and any reload shows the same.
    """

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
        return user != GROUP and user not in self._staff

    async def send(self, letter: Letter, now: datetime) -> int:
        """Show the letter on its phone; the page reads it from the outbox."""
        user = letter.parcels[0].address.user
        if user in self.failing:
            raise Undeliverable("delivery.simulated")
        cost = 0
        if self.is_wechat(user):
            cost = len(bubbles(letter.parcels))
            if window.check(letter.reach, now) < cost:
                raise Undeliverable("delivery.window_used_up", hold=True)
        self.wake_pages()
        return cost

    async def fetch(self, item: KeptMedia) -> bytes:
        """Pictures of the page are ours from the first moment."""
        raise Undeliverable("delivery.gone", permanent=True)

    def wake_pages(self) -> None:
        """Something on a phone is new: wake the pages."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until_changed(self, patience: float) -> bool:
        """Wait for news; False when there was none in `patience` seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), patience)
        except TimeoutError:
            return False
        return True


def bubbles(parcels: Sequence[Parcel]) -> list[str]:
    """The messages that a WeChat phone shows for parcels which arrive together."""
    return split(merge_parcels(parcels), window.TEXT_BYTES, utf8_bytes)
