"""Carries the outbox to the channels: claim, send, settle, back off, give up aloud."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from bot.actions.issues.reminders import SEVERAL, still_owed, values
from bot.channels.base import Channel, Letter, Reach, Report, Undeliverable
from bot.clock import Clock
from bot.core.park.park import Park
from bot.delivery.attachments import Linking
from bot.delivery.compose import post, show_menu
from bot.delivery.fallback import LEFT, aloud, elsewhere
from bot.delivery.reports import take_back
from bot.delivery.retries import AT_ONCE, TRIES, wait_after
from bot.texts import Texts
from storage import once
from storage.delivery import outbox, reports, subjects, threads
from storage.delivery.outbox import Parcel
from storage.delivery.subjects import Topic
from storage.media import media
from storage.writers import Writer

T = TypeVar("T")
LEASE = timedelta(seconds=60)
"""A claim that nobody settled (the process died) is free again after this."""
SEND_LIMIT = 45.0
"""Seconds for one send; below the lease, so that no second process sends at the same time."""
HEARTBEAT = 1.0
"""Seconds between looks for what another process left or what has come due."""
MOST = 400
"""Letters under way at once: at Telegram's pace the last of them waits 13 seconds for its turn."""
SETTLING = 2.0
"""Seconds that a report waits for letters under way: one of them may be what it is about."""
log = structlog.get_logger()


@dataclass(frozen=True)
class _Outcome:
    """How one letter fared."""

    letter: Letter
    cost: int = 0
    trouble: Undeliverable | None = None


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
        self._park = park
        self._texts = texts
        self._channels = channels
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
        letters = await self._write(lambda db: self._claim(db, now, most))
        self.looked_at = now
        if sum(len(letter.parcels) for letter in letters) >= most:
            self.wake()  # there is more than one claim takes
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
        taken = await self._write(lambda db: self._take_report(db, report, now))
        if not taken and self._under_way:
            await asyncio.wait(self._under_way, timeout=SETTLING)
            taken = await self._write(lambda db: self._take_report(db, report, now))
        if not taken:
            log.warning("report of no message of ours", report=report.report_id)
        self.wake()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wakened.wait(), HEARTBEAT)
        except TimeoutError:
            return

    def _claim(self, db: Connection, now: datetime, most: int) -> list[Letter]:
        parcels = self._still_true(db, outbox.claim(db, now, LEASE, most), now)
        letters: list[Letter] = []
        about = subjects.by_issues(db, {parcel.issue_id for parcel in parcels if parcel.issue_id})
        topics = self._find_topics(db, parcels)
        by_thread = sorted(parcels, key=attrgetter("thread_id", "id"))
        for thread_id, group in groupby(by_thread, key=attrgetter("thread_id")):
            waiting = tuple(group)
            thread = threads.get(db, thread_id)
            show_menu(db, thread, waiting, self._park, now)
            files = {
                parcel.media_id: media.get(db, parcel.media_id)
                for parcel in waiting
                if parcel.media_id
            }
            reach = Reach(thread.heard_at, thread.sends, thread.left_at is not None)
            channel = self._channels.get(thread.address.channel)
            linking = Linking(db, channel, self._park, self._texts, now)
            fitted = [linking.fit_parcel(parcel, files) for parcel in waiting]
            letters.append(Letter(fitted, reach, files, about, topics.get(thread_id)))
        return letters

    def _find_topics(self, db: Connection, parcels: Sequence[Parcel]) -> Mapping[int, Topic]:
        if self._park.staff_group is None:
            return {}
        return subjects.by_threads(db, {parcel.thread_id for parcel in parcels})

    def _still_true(self, db: Connection, parcels: Sequence[Parcel], now: datetime) -> list[Parcel]:
        """Reminders whose issue has moved since they were written are dropped, not sent; of one
        about several issues, the lines that still hold are."""
        found = [
            self._recheck_parcel(db, parcel) if parcel.only_while else parcel for parcel in parcels
        ]
        gone = {parcel.id for parcel in parcels} - {parcel.id for parcel in found if parcel}
        if gone:
            outbox.give_up(db, gone, now, outbox.STALE)
        return [parcel for parcel in found if parcel]

    def _recheck_parcel(self, db: Connection, parcel: Parcel) -> Parcel | None:
        owed, of = still_owed(db, parcel)
        if not owed or len(owed) == of or parcel.kind != SEVERAL:
            return parcel if owed else None
        text = self._texts.render(SEVERAL, values(owed))
        outbox.rewrite(db, parcel.id, text)
        return replace(parcel, text=text)

    async def _carry(self, letter: Letter) -> None:
        outcome = await self._send(letter)
        now = self._clock.now()
        await self._write(lambda db: self._settle(db, outcome, now))
        if outcome.trouble:
            self.wake()

    async def _send(self, letter: Letter) -> _Outcome:
        first = letter.parcels[0]
        channel = self._channels.get(first.address.channel)
        if channel is None:
            return _Outcome(letter, trouble=Undeliverable("delivery.no_channel", permanent=True))
        if letter.reach.left:
            return _Outcome(letter, trouble=Undeliverable(LEFT, hold=True))
        try:
            cost = await asyncio.wait_for(channel.send(letter, self._clock.now()), SEND_LIMIT)
        except Undeliverable as trouble:
            return _Outcome(letter, trouble=trouble)
        except TimeoutError:
            return _Outcome(letter, trouble=Undeliverable("delivery.slow"))
        except Exception as error:
            log.exception("channel failed", channel=channel.name, parcel=first.id)
            return _Outcome(letter, trouble=Undeliverable("delivery.fault", type(error).__name__))
        return _Outcome(letter, cost)

    def _settle(self, db: Connection, outcome: _Outcome, now: datetime) -> None:
        letter, trouble = outcome.letter, outcome.trouble
        carried = trouble.carried if trouble else len(letter.parcels)
        cost = trouble.cost if trouble else outcome.cost
        if carried:
            outbox.mark_sent(db, [parcel.id for parcel in letter.parcels[:carried]], now)
        if cost:
            threads.add_sends(db, letter.parcels[0].thread_id, cost, letter.reach.heard_at)
        if trouble:
            self._trouble(db, letter, letter.parcels[carried:], trouble, now)

    def _trouble(
        self,
        db: Connection,
        letter: Letter,
        parcels: Sequence[Parcel],
        trouble: Undeliverable,
        now: datetime,
    ) -> None:
        """What was tried another way has a fate of its own; the others share one. Nothing waits for
        the person to write who has just done so."""
        heard = threads.get(db, parcels[0].thread_id).heard_at if parcels else None
        if (trouble.hold or trouble.reason == LEFT) and heard != letter.reach.heard_at:
            trouble = Undeliverable(trouble.reason, trouble.detail, retry_after=AT_ONCE)
        for parcel in (candidate for candidate in parcels if candidate.id in trouble.apart):
            fate = trouble.apart[parcel.id]
            if fate.trouble is None:
                outbox.mark_sent(db, [parcel.id], now)
            else:
                self._fail(db, [parcel], fate.trouble, now)
            if fate.report_id:
                reports.keep_name(db, parcel.id, fate.report_id)
        if rest := [candidate for candidate in parcels if candidate.id not in trouble.apart]:
            self._fail(db, rest, trouble, now)

    def _take_report(self, db: Connection, report: Report, now: datetime) -> bool:
        lost = take_back(db, report, now)
        for parcel, trouble in lost or ():
            self._fail(db, [parcel], trouble, now)
        return lost is not None

    def _fail(
        self, db: Connection, parcels: Sequence[Parcel], trouble: Undeliverable, now: datetime
    ) -> None:
        ids = [parcel.id for parcel in parcels]
        log.warning("not delivered", parcels=ids, reason=trouble.reason, detail=trouble.detail)
        spent = trouble.counts and parcels[0].attempts >= TRIES
        if not (trouble.hold or trouble.permanent or spent):
            again = now + (trouble.retry_after or wait_after(parcels[0].attempts))
            outbox.put_off(db, ids, again, str(trouble), counted=trouble.counts)
            return
        moved = elsewhere(db, parcels, trouble, self._channels)
        if trouble.reason == LEFT or (moved and trouble.permanent):
            threads.change(db, parcels[0].thread_id, left_at=now)
        if not moved:
            self._stop_parcels(db, parcels, trouble, now)

    def _stop_parcels(
        self, db: Connection, parcels: Sequence[Parcel], trouble: Undeliverable, now: datetime
    ) -> None:
        """No phone of theirs takes it: what may arrive later waits; somebody is told, once."""
        waits = trouble.hold or trouble.reason == LEFT
        stop = outbox.hold if waits else outbox.give_up
        stop(db, [parcel.id for parcel in parcels], now, str(trouble))
        for parcel in parcels:
            says = aloud(db, parcel, trouble.reason, now)
            because = f"undelivered:{parcel.id}"
            if says and once.claim(db, because, now):
                post(db, says, self._texts, self._park, now, because=because)

    async def _settle_arrived(self) -> None:
        try:
            while self._arrived:
                ids, self._arrived = self._arrived, []
                now = self._clock.now()
                await self._write(partial(outbox.mark_sent, ids=ids, now=now))
        finally:
            # What was not written down is pushed once more when its lease ends.
            self._flush = None

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))
