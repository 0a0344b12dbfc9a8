"""A tap on a button of a card: whose it is, what it says, and what the card shows afterwards."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from bot.channels.telegram.buttons import Place, Signet
from bot.channels.telegram.incoming import NAME, Tap
from bot.channels.telegram.outgoing import CAPTION_UNITS, TEXT_UNITS
from bot.channels.wording import utf16_units
from bot.core.messages import Action, Address, Content, Event, Incoming, Kind
from bot.texts import Texts
from storage.delivery import outbox, subjects, threads
from storage.delivery.outbox import Parcel
from storage.delivery.pending import Choice, read_action, read_media
from storage.writers import Writer

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True)
class Meant:
    """What a tap means: what is to be done (None: nothing), what the tapper is told when it is
    done, and a line for the card, whose buttons go."""

    incoming: Incoming | None
    told: str
    line: str = ""


class Taps:
    """Reads taps on one bot's cards. A card is good for `good_for`, as its digits are."""

    def __init__(
        self, token: str, bot_id: str, writer: Writer, texts: Texts, good_for: timedelta
    ) -> None:
        self.signet = Signet(token)
        self._bot = f"{NAME}:{bot_id}"
        self._writer = writer
        self._texts = texts
        self._good_for = good_for

    async def interpret_tap(self, tap: Tap, now: datetime) -> Meant:
        """What this tap means at this moment."""
        named = self.signet.read(tap.chat, tap.data)
        card = await self._read(lambda db: _card(db, named)) if named else None
        option = _option(card, named) if card and named else None
        if card is None or option is None or not _stands_in(card, tap.chat):
            log.warning("button refused", user=tap.user, reason="not offered to this person")
            return Meant(None, self._texts.render("telegram.foreign"))
        if tap.group and not await self._read(lambda db: threads.is_colleague(db, _own(tap))):
            log.warning("button refused", user=tap.user, reason="nobody we know")
            return Meant(None, self._texts.render("telegram.bind_first"))
        if now > card.created_at + self._good_for:
            log.warning("button refused", user=tap.user, reason="stale")
            return await self._stale(tap, card, now)
        # Among several, one who may not must not use up the button of one who may.
        by = f":{tap.user}" if tap.group else ""
        key = f"{self._bot}:tap:{card.id}:{option['digit']}{by}"
        line = self._texts.render("telegram.chosen", {"label": option["label"]})
        choice = Choice(read_action(option), option["label"], read_media(option))
        return Meant(self._build_incoming(tap, card, key, choice, now), line, line)

    def rewritten(self, tap: Tap, line: str) -> str:
        """The words of the card with what was chosen; empty where they would not fit."""
        words = f"{tap.text}\n\n{line}" if tap.text and line else ""
        limit = CAPTION_UNITS if tap.captioned else TEXT_UNITS
        return words if utf16_units(words) <= limit else ""

    async def _stale(self, tap: Tap, card: Parcel, now: datetime) -> Meant:
        """Nothing is changed, but a fresh card is worth more than an excuse."""
        issue_id = card.issue_id
        if issue_id is None:
            return Meant(None, self._texts.render("telegram.spent"))
        number = await self._read(lambda db: subjects.number_of(db, issue_id))
        asked = Choice(Action("view", issue_id, number=number))
        incoming = self._build_incoming(
            tap, card, f"{self._bot}:stale:{card.id}:{tap.query}", asked, now
        )
        return Meant(incoming, self._texts.render("telegram.stale"))

    def _build_incoming(
        self, tap: Tap, card: Parcel, key: str, choice: Choice, now: datetime
    ) -> Incoming:
        said = self._texts.phrase(choice.action)
        content = Content(Kind.EVENT, said, event=Event.CLICK)
        sender = _own(tap) if tap.group else None
        kept, action = choice.media_id, choice.action
        return Incoming(key, card.address, content, now, kept=kept, sender=sender, action=action)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))


def _own(tap: Tap) -> Address:
    """The chat that the tapping person has with the bot."""
    return Address(NAME, tap.user)


def _stands_in(card: Parcel, chat: str) -> bool:
    """Whether the card was sent to this chat, or to a topic of it."""
    return card.address.channel == NAME and card.address.user.partition("/")[0] == chat


def _card(db: Connection, place: Place) -> Parcel | None:
    return next(iter(outbox.by_ids(db, [place.parcel_id])), None)


def _option(card: Parcel, place: Place) -> dict[str, Any] | None:
    return next((option for option in card.options if option["digit"] == place.digit), None)
