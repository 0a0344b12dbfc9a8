"""Paints the digests' pictures: what the fetcher asks for instead of a platform."""

import asyncio

import structlog

from bot.channels.base import Undeliverable
from bot.digest.facts import load_facts
from bot.digest.picture import draw_picture
from bot.digest.rasterize import paint_in_subprocess
from bot.texts import Texts
from storage.database import Database
from storage.leaders import digests
from storage.media.media import KeptMedia

log = structlog.get_logger()


class Press:
    """One picture at a time, each in a process of its own, long after the tick has committed.

    The facts were kept by the tick, so a picture that is painted late, or again after a crash, says
    what its text said. One that cannot be painted is tried again; its text does not wait for it.
    """

    def __init__(self, database: Database, texts: Texts) -> None:
        self._database = database
        self._texts = texts
        self._free = asyncio.Semaphore(1)

    async def fetch(self, item: KeptMedia) -> bytes:
        """The picture as PNG. Raises Undeliverable."""
        async with self._free:
            try:
                return await asyncio.to_thread(self._paint_picture, item)
            except Exception as error:
                log.exception("picture not painted", media=item.id)
                raise Undeliverable("delivery.picture_waits", type(error).__name__) from error

    def _paint_picture(self, item: KeptMedia) -> bytes:
        with self._database.read() as db:
            kept = digests.of_picture(db, item.id)
        return paint_in_subprocess(draw_picture(load_facts(kept.facts), self._texts))
