"""One unit of work: once-key, transaction, handler or job, words rendered into the outbox."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from bot.classifier.models import Learning
from bot.classifier.names import Naming
from bot.clock import Clock
from bot.core.issues.sealing import may_be_sealed
from bot.core.messages import Content, Incoming, Kind, Overtaken, Refused, Say, ToDuty
from bot.core.park.park import Park
from bot.core.people import Person
from bot.delivery.compose import post, show_menu
from bot.texts import Texts
from handlers.conversation import answer
from handlers.dispatch.turn import Reply, Turn
from handlers.talk import held_words
from schedules.tick import Tick
from storage import once
from storage.delivery import held_words as held
from storage.delivery import messages, outbox, threads
from storage.delivery.held_words import Fate, HeldWords
from storage.delivery.outbox import Parcel
from storage.delivery.threads import Thread
from storage.media import media
from storage.people import people
from storage.writers import Writer

SLOT = timedelta(seconds=6)
"""How long a passive reply is held for its exchange before the postman may push it: a platform
cuts the exchange after 5 seconds."""

T = TypeVar("T")
Job = Callable[[Tick], Sequence[Say]]
log = structlog.get_logger()


@dataclass(frozen=True)
class Done:
    """What came of a delivery. `replies` wait for the passive reply, the same again for a repeat;
    `fresh` is False for a repeat; `fault` is the reference of a failed handler, `is_refused` says
    that a rule said no, `overtaken` in a few words that somebody else was faster."""

    replies: tuple[Parcel, ...] = ()
    fresh: bool = True
    fault: str | None = None
    is_refused: bool = False
    overtaken: str = ""


class Runner:
    """Runs people's messages and the clock's jobs alike: load, ask the core, record, say."""

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        park: Park,
        texts: Texts,
        learning: Learning,
        naming: Naming,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._park = park
        self._texts = texts
        self._learning = learning
        self._naming = naming
        self._wake = wake

    async def hear(self, incoming: Incoming) -> Done:
        """Act on one delivery, exactly once; a repeat only gets its replies again.

        A rule that refuses and a bug both end in words for the person; the message is kept in
        either case. Raises only when the database itself cannot be written.
        """
        now = self._clock.now()
        try:
            done = await self._run(lambda db: self._turn(db, incoming, now, self._handle_turn))
        except Refused as refusal:
            excuse = _Excuse(refusal)
            done = await self._run(lambda db: self._turn(db, incoming, now, excuse.build_refusal))
        except Exception:
            excuse = _Excuse(fault=secrets.token_hex(3).upper())
            log.exception("handler failed", reference=excuse.fault, key=incoming.key)
            done = await self._run(lambda db: self._turn(db, incoming, now, excuse.build_apology))
        self._wake()
        return done

    async def tick(self, key: str, job: Job, due: datetime) -> bool:
        """Do a job for one due time, exactly once; False when it was done before."""
        now = self._clock.now()

        def work(db: Connection) -> bool:
            if not once.claim(db, key, now):
                return False
            kept = (self._park, self._texts, key, self._learning, self._naming)
            says = job(Tick(db, now, *kept, due))
            post(db, says, self._texts, self._park, now, because=key)
            return True

        done = await self._run(work)
        self._wake()
        return done

    async def send_held(self, held_id: int) -> None:
        """Let words leave that were held, exactly once, as the message that they were written as;
        nothing where they were taken back. What fails stays here and its writer is told."""
        now = self._clock.now()
        try:
            await self._run(lambda db: self._release(db, held_id, now, held_words.send))
        except Exception as error:
            fault = secrets.token_hex(3).upper()
            log.exception("held words failed", reference=fault, held=held_id)
            refusal = (
                error if isinstance(error, Refused) else Refused("fault.short", reference=fault)
            )
            await self._run(
                lambda db: self._release(
                    db, held_id, now, partial(held_words.report_refusal, refusal=refusal)
                )
            )
        self._wake()

    def _release(
        self,
        db: Connection,
        held_id: int,
        now: datetime,
        sending: Callable[[Turn, HeldWords], Reply],
    ) -> None:
        kept = held.by_id(db, held_id)
        if kept is None or not held.settle(db, held_id, Fate.SENT, now):
            return
        thread = threads.get(db, kept.thread_id)
        said = Incoming(kept.because, thread.address, Content(Kind.TEXT, kept.text), kept.held_at)
        known = (self._park, self._texts, kept.because, self._learning, self._naming)
        person = people.by_id(db, kept.person_id)
        turn = Turn(db, now, *known, said, thread, person, kept.media_id, anyway=True)
        in_room = thread.person_id is None
        post(
            db,
            sending(turn, kept).says,
            self._texts,
            self._park,
            now,
            because=kept.because,
            writer=thread if in_room else None,
        )

    def _turn(
        self, db: Connection, incoming: Incoming, now: datetime, answering: Callable[[Turn], Reply]
    ) -> Done:
        """One transaction: key, thread, answer, message, words."""
        if not once.claim(db, incoming.key, now):
            return Done(self._again(db, incoming.key, now), fresh=False)
        thread = threads.mark_heard(db, incoming.address, now)
        outbox.bring_here(db, thread.id, thread.person_id)
        item = incoming.content.media
        media_id = media.keep(db, incoming.address.channel, item, now) if item else None
        about = incoming.kept if media_id is None else media_id
        person = _speaker(db, incoming, thread)
        turn = Turn(
            db,
            now,
            self._park,
            self._texts,
            incoming.key,
            self._learning,
            self._naming,
            incoming,
            thread,
            person,
            about,
        )
        reply = answering(turn)
        if reply.issue_id not in (None, thread.issue_id):
            threads.change(db, thread.id, issue_id=reply.issue_id)
        messages.keep(
            db,
            incoming,
            thread.id,
            now,
            media_id=media_id,
            issue_id=reply.issue_id,
            fault=reply.fault,
        )
        post(
            db,
            reply.says,
            self._texts,
            self._park,
            now,
            because=incoming.key,
            writer=thread,
            by=turn.person_id if incoming.sender else None,
        )
        overtaken = self._texts.format_value(reply.overtaken)
        return Done(
            self._fill_slot(turn), fault=reply.fault, is_refused=reply.refused, overtaken=overtaken
        )

    def _fill_slot(self, turn: Turn) -> tuple[Parcel, ...]:
        """What waits for this thread goes with the passive reply, in its order."""
        if not turn.incoming.slot:
            return ()
        key = turn.incoming.key
        outbox.reserve(turn.db, turn.thread.id, key, turn.now, turn.now + SLOT)
        parcels = outbox.of_slot(turn.db, key)
        show_menu(turn.db, turn.thread, parcels, self._park, turn.now)
        return tuple(parcels)

    @staticmethod
    def _again(db: Connection, key: str, now: datetime) -> tuple[Parcel, ...]:
        """The same replies for a repeat; not what the postman has taken up meanwhile, because the
        exchange that should have carried it came to nothing."""
        outbox.lease_slot(db, key, now + SLOT)
        return tuple(parcel for parcel in outbox.of_slot(db, key) if not parcel.attempts)

    @staticmethod
    def _handle_turn(turn: Turn) -> Reply:
        return answer(turn)

    async def _run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))


def _speaker(db: Connection, incoming: Incoming, thread: Thread) -> Person | None:
    """Whose words they are: of the thread's person, or of one of those who share it."""
    own = threads.by_address(db, incoming.sender) if incoming.sender else thread
    return people.by_id(db, own.person_id) if own and own.person_id else None


@dataclass(frozen=True)
class _Excuse:
    """Stands in for a handler that refused or failed: the second, minimal transaction."""

    refusal: Refused | None = None
    fault: str | None = None

    def build_refusal(self, turn: Turn) -> Reply:
        assert self.refusal is not None
        faster = self.refusal.short if isinstance(self.refusal, Overtaken) else None
        said = turn.me(self.refusal.key, self.refusal.values)
        return Reply((said,), refused=True, overtaken=faster)

    def build_apology(self, turn: Turn) -> Reply:
        text = turn.incoming.content.text
        if may_be_sealed(text, ""):  # perhaps a complaint about who would read it at the desk
            text = turn.texts.render("sealed.title")
        told = {"reference": self.fault, "text": text}
        return Reply(
            (turn.me("fault.apology", told), Say(ToDuty(), "fault.duty", told)), fault=self.fault
        )
