"""Carries the outbox to the channels: claim, send, settle, back off, give up aloud."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from bot.channels.base import Channel, Letter, Report, Undeliverable
from bot.clock import Clock
from bot.core.park.park import Park
from bot.delivery.fallback import LEFT
from bot.delivery.fates import Outcome, Registrar
from bot.delivery.letters import Clerk
from bot.texts import Texts
from storage.delivery import outbox, queues
from storage.delivery.outbox import Parcel
from storage.writers import Writer

T = TypeVar("T")
SEND_LIMIT = 45.0
"""Seconds for one send; below the lease, so that no second process sends at the same time."""
HEARTBEAT = 1.0
"""Seconds between looks for what another process left or what has come due."""
MOST = 400
"""Letters under way at once: at Telegram's pace the last of them waits 13 seconds for its turn."""
SETTLING = 2.0
"""Seconds that a report waits for letters under way: one of them may be what it is about."""
log = structlog.get_logger()


class Postman:
    """One for each process; the database keeps them from carrying the same letter."""

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        park: Park,
        texts: Texts,
        channels: Mapping[str, Channel],
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._clerk = Clerk(park, texts)
        self._channels = channels
        self._registrar = Registrar(park, texts, channels)
        self._wakened = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._arrived: list[int] = []
        self._flush: asyncio.Task[None] | None = None
        self.looked_at: datetime | None = None

    def wake(self) -> None:
        """There may be something to carry."""
        self._wakened.set()

    async def run(self) -> None:
        """Carry until cancelled; a failing database is tried again, aloud."""
        while True:
            try:
                took = await self.round()
            except Exception:
                log.exception("postman could not claim")
                took = 0
            if not took:
                await self._rest()

    async def round(self) -> int:
        """Claim what is due and send it off; how many letters that were."""
        self._wakened.clear()
        now = self._clock.now()
        most = MOST - len(self._under_way)
        claimed = await self._write(lambda db: self._clerk.claim(db, self._channels, now, most))
        letters = claimed.letters
        self.looked_at = now
        if claimed.more:
            self.wake()
        for letter in letters:
            task = asyncio.create_task(self._carry(letter))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        while len(self._under_way) > MOST // 2:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        return len(letters)

    async def drain(self) -> None:
        """Carry until nothing is due: for tests, the command line and the end of a run."""
        self.wake()
        while self._wakened.is_set() or self._under_way or self._flush:
            await self.round()
            if self._under_way:
                await asyncio.wait(self._under_way)
            if self._flush:
                await self._flush

    def mark_arrived(self, parcels: Iterable[Parcel]) -> None:
        """A passive reply carried these; they are settled together with others, soon."""
        self._arrived.extend(parcel.id for parcel in parcels)
        if self._flush is None:
            self._flush = asyncio.create_task(self._settle_arrived())

    async def no_room(self, parcels: Sequence[Parcel]) -> None:
        """A passive reply had no room for these: they go by push."""
        ids = [parcel.id for parcel in parcels]
        await self._write(lambda db: outbox.release(db, ids))
        self.wake()

    async def take_report(self, report: Report) -> None:
        """The platform tells what became of a message, perhaps before we wrote down its name."""
        now = self._clock.now()
        taken = await self._write(lambda db: self._registrar.take_report(db, report, now))
        if not taken and self._under_way:
            await asyncio.wait(self._under_way, timeout=SETTLING)
            taken = await self._write(lambda db: self._registrar.take_report(db, report, now))
        if not taken:
            log.warning("report of no message of ours", report=report.report_id)
        self.wake()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wakened.wait(), HEARTBEAT)
        except TimeoutError:
            return

    async def _carry(self, letter: Letter) -> None:
        outcome = await self._send(letter)
        now = self._clock.now()
        if await self._write(lambda db: self._registrar.settle(db, outcome, now)):
            self.wake()

    async def _send(self, letter: Letter) -> Outcome:
        first = letter.parcels[0]
        channel = self._channels.get(first.address.channel)
        if channel is None:
            return Outcome(letter, trouble=Undeliverable("delivery.no_channel", permanent=True))
        if letter.reach.left:
            return Outcome(letter, trouble=Undeliverable(LEFT, hold=True))
        try:
            cost = await asyncio.wait_for(channel.send(letter, self._clock.now()), SEND_LIMIT)
        except Undeliverable as trouble:
            return Outcome(letter, trouble=trouble)
        except TimeoutError:
            return Outcome(letter, trouble=Undeliverable("delivery.slow"))
        except Exception as error:
            log.exception("channel failed", channel=channel.name, parcel=first.id)
            return Outcome(letter, trouble=Undeliverable("delivery.fault", type(error).__name__))
        return Outcome(letter, cost)

    async def _settle_arrived(self) -> None:
        try:
            while self._arrived:
                ids, self._arrived = self._arrived, []
                now = self._clock.now()
                if await self._write(partial(_mark_arrived, ids=ids, now=now)):
                    self.wake()
        finally:
            # What was not written down is pushed once more when its lease ends.
            self._flush = None

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))


def _mark_arrived(db: Connection, ids: Sequence[int], now: datetime) -> bool:
    """Written down as sent; whether more waits behind them."""
    outbox.mark_sent(db, ids, now)
    return queues.free(db, ids, now)
