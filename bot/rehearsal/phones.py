"""The channel of a rehearsal: phones in memory. What arrives is read at once."""

from collections.abc import Callable
from datetime import datetime

from bot.channels.base import Letter, Undeliverable
from storage.delivery.outbox import Parcel
from storage.media.media import KeptMedia

NAME = "rehearsal"
GROUP = "group"
"""The phone on which everybody reads what is posted to the group of the Mondays."""
Reader = Callable[[Parcel, datetime], None]


class Phones:
    """Every phone of the park by its address, and who reads it. A message that comes twice, as it
    may after a power cut, is read once."""

    name = NAME
    merges = False

    def __init__(self) -> None:
        self.readers: dict[str, Reader] = {}
        self.carried = 0
        self._seen: set[int] = set()

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, letter: Letter, now: datetime) -> int:
        """Hand the letter over; it costs nothing."""
        for parcel in letter.parcels:
            if parcel.id not in self._seen:
                self._seen.add(parcel.id)
                self.carried += 1
                self.readers[parcel.address.user](parcel, now)
        return 0

    async def fetch(self, item: KeptMedia) -> bytes:
        """Nobody of the rehearsal sends pictures."""
        raise Undeliverable("delivery.gone", permanent=True)
