"""What becomes of letters: arrived, tried again, sent another way, or given up aloud."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.channels.base import Channel, Letter, Report, Undeliverable
from bot.core.park.park import Park
from bot.delivery.compose import post
from bot.delivery.fallback import LEFT, aloud, elsewhere
from bot.delivery.reports import take_back
from bot.delivery.retries import AT_ONCE, TRIES, wait_after
from bot.texts import Texts
from storage import once
from storage.delivery import outbox, queues, reports, threads
from storage.delivery.outbox import Parcel

log = structlog.get_logger()


@dataclass(frozen=True)
class Outcome:
    """How one letter fared."""

    letter: Letter
    cost: int = 0
    trouble: Undeliverable | None = None


@dataclass(frozen=True)
class Registrar:
    """Writes down how letters fared and tells whoever has to know, by way of `channels`."""

    park: Park
    texts: Texts
    channels: Mapping[str, Channel]

    def settle(self, db: Connection, outcome: Outcome, now: datetime) -> bool:
        """Write down what became of a letter; whether more waits for its thread."""
        letter, trouble = outcome.letter, outcome.trouble
        carried = trouble.carried if trouble else len(letter.parcels)
        cost = trouble.cost if trouble else outcome.cost
        if carried:
            outbox.mark_sent(db, [parcel.id for parcel in letter.parcels[:carried]], now)
        if cost:
            threads.add_sends(db, letter.parcels[0].thread_id, cost, letter.reach.heard_at)
        more = queues.free(db, [parcel.id for parcel in letter.parcels], now)
        if trouble:
            self._trouble(db, letter, letter.parcels[carried:], trouble, now)
        return more or trouble is not None

    def take_report(self, db: Connection, report: Report, now: datetime) -> bool:
        """A platform tells what became of a message; False where none goes by its name."""
        lost = take_back(db, report, now)
        for parcel, trouble in lost or ():
            self._fail(db, [parcel], trouble, now)
        return lost is not None

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
        moved = elsewhere(db, parcels, trouble, self.channels)
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
                post(db, says, self.texts, self.park, now, because=because)
