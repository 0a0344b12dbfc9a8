"""The rooms of issues in Telegram: one topic of the staff group for each, made when needed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from bot.channels.telegram.api import Api, Spot
from bot.channels.telegram.errors import TopicLost, TopicSame, TopicShut
from bot.channels.telegram.incoming import NAME, Grown, Overheard
from bot.channels.telegram.pace import Pace
from bot.core.messages import Address, Incoming
from bot.core.reading import fold
from bot.texts import Texts
from storage.delivery import places, threads
from storage.delivery.places import Place
from storage.delivery.subjects import Topic
from storage.writers import Writer

LONGEST_NAME = 128
"""Characters of a topic's name. Source: the platform's description of createForumTopic."""
PATIENCE = 13.0
"""Seconds that the making of a topic waits for its turn."""
SERIAL = "0123456789-#"
"""What may follow a word without a gap and leaves it a command."""
Put = Callable[[Spot], Awaitable[None]]
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class _Wanted:
    """A topic as it should be; `place` is what is known of it, None before it is first made."""

    name: str
    closed: bool
    place: Place | None


class Rooms:
    """One bot's staff group. A group is addressed by the id it was first known by, a topic as
    `group/number of the issue`; `storage.delivery.places` tells what the platform calls them
    now."""

    def __init__(self, group: str, writer: Writer, texts: Texts) -> None:
        """`group`: its id as the settings give it, empty where there is none."""
        self._group = group
        self._writer = writer
        self._texts = texts

    async def route_message(self, heard: Overheard) -> Incoming | None:
        """What was said in a group as it was said to us: to a room, or, if it is a command, to
        the bot itself; None for what people say to each other."""
        if not self._group or await self.find_first_id(heard.group) != self._group:
            return None
        room = await self._read(lambda db: self._room(db, heard.topic)) if heard.topic else None
        own = heard.incoming.address
        if room is not None:
            return replace(heard.incoming, address=Address(NAME, room), sender=own)
        if not self._is_command(heard.incoming.content.text):
            return None
        known = await self._read(lambda db: threads.is_colleague(db, own))
        return heard.incoming if known else None

    async def update_group_id(self, change: Grown) -> None:
        """A group has another id now."""
        if change.before == change.after:
            log.info("in a group", chat=change.after, staff_group=self._group)
            return
        log.warning("group moved", old=change.before, new=change.after)
        name = await self.find_first_id(change.before)
        await self._read(lambda db: places.keep(db, Place(NAME, name, change.after)))

    async def find_first_id(self, chat: str) -> str:
        """The id by which we first knew this group."""
        found = await self._read(lambda db: places.list_places_at(db, NAME, chat))
        return next((place.name for place in found if "/" not in place.name), chat)

    async def whereabouts(self, chat: str) -> str:
        """The id that the platform gives a group now."""
        place = await self._read(lambda db: places.by_name(db, NAME, chat))
        return place.at if place else chat

    async def put(self, user: str, chat: str, topic: Topic, api: Api, pace: Pace, put: Put) -> None:
        """Put something into the room of this address, whose topic is made, opened or closed as
        its issue asks. Raises Undeliverable.

        A crash right after the platform made a topic leaves it empty, and a second one is made.
        """
        place = await self._read(lambda db: places.by_name(db, NAME, user))
        name = f"{topic.number} {topic.title}"[:LONGEST_NAME]
        wanted = _Wanted(name, topic.closed, place)
        topics = _Topics(user, chat, wanted, api, pace, self._keep)
        spot = await topics.ready()
        try:
            await put(spot)
        except TopicLost:
            await put(await topics.create_topic())
        except TopicShut:
            await topics.shut(spot, shut=False)
            await put(spot)
            await topics.shut(spot, shut=wanted.closed)

    async def _keep(self, place: Place) -> None:
        await self._read(lambda db: places.keep(db, place))

    def _room(self, db: Connection, topic: str) -> str | None:
        found = places.list_places_at(db, NAME, topic)
        mine = (place.name for place in found if place.name.startswith(f"{self._group}/"))
        return next(mine, None)

    def _is_command(self, text: str) -> bool:
        first = next(iter(fold(text).split()), "").lower()
        return first in self._texts.commands or first.rstrip(SERIAL) in self._texts.commands

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))


@dataclass(frozen=True)
class _Topics:
    """The steps of the platform for one room."""

    user: str
    chat: str
    wanted: _Wanted
    api: Api
    pace: Pace
    keep: Callable[[Place], Awaitable[None]]

    async def ready(self) -> Spot:
        place = self.wanted.place
        if place is None:
            return await self.create_topic()
        spot = Spot(self.chat, place.at)
        if place.shut != self.wanted.closed:
            try:
                await self.shut(spot, shut=self.wanted.closed)
            except TopicLost:
                return await self.create_topic()
        return spot

    async def create_topic(self) -> Spot:
        await self.pace.turn(self.chat, PATIENCE)
        topic = await self.api.open_topic(self.chat, self.wanted.name)
        await self.keep(Place(NAME, self.user, topic))
        spot = Spot(self.chat, topic)
        if self.wanted.closed:
            await self.shut(spot, shut=True)
        return spot

    async def shut(self, spot: Spot, *, shut: bool) -> None:
        try:
            await self.api.shut(spot, shut=shut)
        except TopicSame:
            log.info("topic as it should be", room=self.user)
        await self.keep(Place(NAME, self.user, spot.topic, shut))
