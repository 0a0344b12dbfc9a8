"""Runs a rehearsal: turns the clock from one thing that falls due to the next, and lets people
write when they meant to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Incoming, Kind
from bot.rehearsal.cast import everybody, luck
from bot.rehearsal.characters import Character, World
from bot.rehearsal.chatter import STAFF_SHARE
from bot.rehearsal.contacts import Contact
from bot.rehearsal.park import Population, settle
from bot.rehearsal.phones import GROUP, NAME, Phones
from bot.rehearsal.rhythm import Plan, filings, span
from bot.settings import Settings
from bot.settings.channels import Channels, LocalChannel

Watch = Callable[[int, int], None]
"""Told how many days have passed, and of how many."""


class Rehearsal:
    """One plan, played in `folder`, which is empty at first, or on an empty database at `url`. The
    people and the phones live here; the app may be taken away at any moment and another put in its
    place (`reopen`)."""

    def __init__(self, given: Settings, plan: Plan, folder: Path, url: str = "") -> None:
        self.plan = plan
        self.phones = Phones()
        self._settings = _alone(given, folder, url or f"sqlite:///{folder / NAME}.db")
        self.begins, self.ends = span(plan, self._settings.build_park().hours)
        self._clock = MovableClock(self.begins, frozen=True)
        self.app = self._open_app()
        self.world = World(self.app.park, self.app.texts, self._clock)
        self.heard = 0
        self.faults: list[str] = []
        self._saying: Incoming | None = None

    async def start(self) -> None:
        """Settle the population, and let everybody know when they are going to file something."""
        await self.app.start()
        taxonomy = self.app.learning.taxonomy
        with self.app.database.write() as db:
            population = settle(db, self.plan.enterprises, taxonomy, self.app.texts)
        people = everybody(population, self.world, self.plan)
        self.phones.readers = {phone: character.read for phone, character in people.items()}
        chance = luck(self.plan, NAME)
        # What only falls into the last resort is mostly no matter but talk.
        named = (kind for kind in taxonomy.categories if kind.id != taxonomy.fallback)
        examples = [words for category in named for words in category.examples]
        for at in filings(self.plan, self.app.park.hours, chance):
            contact = people[chance.choice(population.contacts)]
            assert isinstance(contact, Contact)
            contact.file(at, chance.choice(examples))
        self._let_chat(people, population)

    def _let_chat(self, people: Mapping[str, Character], population: Population) -> None:
        """What is said besides comes in the same rhythm, one time in so many from the staff."""
        chance = luck(self.plan, "chatter")
        talk = replace(self.plan, issues=round(self.plan.issues * self.plan.chatter))
        staff = [phone for phone, _role in population.staff]
        for at in filings(talk, self.app.park.hours, chance):
            phones = staff if chance.random() < STAFF_SHARE else population.contacts
            people[chance.choice(phones)].chat(at)

    async def run(self, watch: Watch = lambda _done, _total: None) -> None:
        """From the beginning to the end."""
        while await self.once():
            watch((self._clock.now() - self.begins).days, self.plan.days)

    async def once(self) -> bool:
        """One stop of the clock, or one message; False at the end."""
        if self._saying is not None:
            await self._say(self._saying)
            return True
        deeds = self.world.deeds
        limit = min(deeds[0].at, self.ends) if deeds else self.ends
        if await self.app.forward.step(limit):
            return True
        if limit == self.ends:
            return False
        deed = self.world.next_deed()
        words = deed.words(limit)
        if words is not None:
            self.heard += 1
            address, content = Address(NAME, deed.phone), Content(Kind.TEXT, words)
            self._saying = Incoming(f"{NAME}:{self.heard}", address, content, self._clock.now())
            await self._say(self._saying)
        return True

    async def reopen(self) -> None:
        """Another app on the same database, as after a power cut; it catches up as any does."""
        await self.close()
        self.app = self._open_app()
        await self.app.start()
        await self.app.timekeeper.look()

    async def close(self) -> None:
        """Let go of the database."""
        await self.app.stop()

    async def _say(self, incoming: Incoming) -> None:
        """A delivery is repeated until it was answered for."""
        done = await self.app.runner.hear(incoming)
        if done.fault:
            self.faults.append(f"{done.fault} {incoming.content.text}")
        await self.app.postman.drain()
        self._saying = None

    def _open_app(self) -> App:
        return App(self._settings, self._clock, channels={NAME: self.phones}, durable=False)


def _alone(given: Settings, folder: Path, url: str) -> Settings:
    """The office's own settings, away from its database and its channels."""
    storage = given.storage.model_copy(update={"url": url, "media": folder / "media"})
    channels = Channels(local=LocalChannel(enabled=False, demo=False))
    sessions = given.sessions.model_copy(update={"group": f"{NAME}:{GROUP}"})
    alone = {"storage": storage, "channels": channels, "sessions": sessions}
    return given.model_copy(update=alone)
