"""What everybody in a rehearsal has in common: a phone, a card they look at, their own luck."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from bot.clock import Clock
from bot.core.park.park import Park
from bot.texts import Texts
from storage.delivery.outbox import Parcel
from storage.delivery.pending import read_action

_NUMBER = re.compile(r"[A-Z]{1,8}-\d{8}-\d{3,}")
LOOKS = timedelta(hours=12)
"""How long somebody has a card in mind."""
Words = Callable[[datetime], str | None]
"""What somebody types when the time has come; None when they have thought better of it."""


@dataclass(frozen=True, order=True)
class Deed:
    """Somebody will write at a moment; `serial` tells apart what one person does at once."""

    at: datetime
    phone: str
    serial: int
    words: Words = field(compare=False)


@dataclass
class World:
    """What all share: the park's rules, its words, and what they are going to do, soonest first."""

    park: Park
    texts: Texts
    clock: Clock
    deeds: list[Deed] = field(default_factory=list)

    def mark_words(self, n: int, words: str) -> str:
        """Words as the n-th firm says them: with its own house number, which is in nobody else's
        matters, so that whatever strays into other hands can be told."""
        mark = self.texts.render("rehearsal.mark", {"n": n})
        return self.texts.render("rehearsal.marked", {"mark": mark, "words": words})

    def mark(self, text: str) -> str:
        """The house number that stands in a text; empty where there is none."""
        before = self.texts.words["rehearsal.mark"].partition("{")[0]
        found = re.search(rf"{re.escape(before)}\d+", text)
        return found[0] if found else ""

    def agree(self, deed: Deed) -> None:
        """Somebody intends to write."""
        heappush(self.deeds, deed)

    def next_deed(self) -> Deed:
        """Who writes next; they no longer intend to."""
        return heappop(self.deeds)


class Character:
    """Somebody with a phone: reads what comes, and writes when they get round to it.

    A reaction stands in `reactions` under the kind of message that it is for.
    """

    def __init__(self, phone: str, world: World, chance: Random) -> None:
        self.phone = phone
        self.world = world
        self.chance = chance
        self.card: Parcel | None = None
        self._shown = datetime.min.replace(tzinfo=UTC)
        self.reactions: Mapping[str, Callable[[Parcel, datetime], None]] = {}
        self._serial = 0

    def read(self, parcel: Parcel, now: datetime) -> None:
        """A message has come."""
        if parcel.options:
            self.card, self._shown = parcel, now
        react = self.reactions.get(parcel.kind)
        if react:
            react(parcel, now)

    def will(self, at: datetime, words: Words) -> None:
        """They intend to write these words then."""
        self._serial += 1
        self.world.agree(Deed(at, self.phone, self._serial, words))

    def chat(self, at: datetime) -> None:
        """They are going to say something besides, whatever comes to their mind; most do."""

    def perhaps(self, probability: float) -> bool:
        """Whether they do it, so often in a hundred."""
        return self.chance.random() < probability

    def minutes(self, least: float, most: float) -> timedelta:
        """Some while; rather a short one."""
        return timedelta(minutes=least + (most - least) * self.chance.random() ** 2)

    def line(self, key: str) -> str:
        """One of the things that people say, by the key of their list."""
        return self.chance.choice(self.world.texts.words[key].strip().splitlines())

    def command(self, verb: str) -> str:
        """The word for a verb."""
        return self.world.texts.command(verb)

    def about(self, verb: str, parcel: Parcel) -> str:
        """A verb and the number of the issue that a message is about."""
        return f"{self.command(verb)} {number_of(parcel)}"

    def choice(self, parcel: Parcel, verb: str) -> str:
        """How people choose a verb from a card."""
        for option in parcel.options:
            if read_action(option).verb == verb:
                return self.type_option(parcel, option)
        return self.about(verb, parcel)

    def type_option(self, parcel: Parcel, option: Mapping[str, Any]) -> str:
        """A line of a card's menu as people type it: the digit while they look at it, the words
        when other cards have come since, or on another day."""
        looks = self.card is parcel and self.world.clock.now() < self._shown + LOOKS
        return option["digit"] if looks else self.world.texts.phrase(read_action(option))

    def any_line(self, parcel: Parcel) -> Words:
        """Some line of a menu, whatever it means."""
        picked = self.chance.choice(parcel.options)
        return lambda _now: self.type_option(parcel, picked)


def number_of(parcel: Parcel) -> str:
    """The issue's number that a message names; empty when it names none."""
    found = _NUMBER.search(parcel.text)
    return found[0] if found else ""
