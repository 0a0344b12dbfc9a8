"""What the postman does with letters that a channel does not take."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.app import App
from bot.channels.base import Letter, Undeliverable
from bot.clock import MovableClock
from bot.core.messages import Address
from bot.core.people import Role
from bot.delivery.retries import TRIES
from storage.delivery import outbox, threads
from storage.media.media import KeptMedia
from storage.people import people
from tests.delivery import outbox_rows


@dataclass
class Post:
    """A channel that meets the troubles it is given, one for each letter, then delivers."""

    name: str = "post"
    merges: bool = False
    troubles: list[Undeliverable] = field(default_factory=list)
    arrived: list[tuple[str, str]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    cost: int = 0

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, letter: Letter, now: datetime) -> int:
        """Deliver, or fail as ordered."""
        self.meanwhile()
        if self.troubles:
            raise self.troubles.pop(0)
        self.arrived += [(parcel.address.user, parcel.text) for parcel in letter.parcels]
        return self.cost

    async def fetch(self, item: KeptMedia) -> bytes:
        """There is nothing."""
        raise Undeliverable("delivery.gone", permanent=True)


@dataclass
class Desk:
    """An app whose phones are on that channel; 赵 has two, and used the first one last."""

    app: App
    post: Post
    loop: asyncio.Runner

    def say(self, words: str) -> None:
        """Words for 赵 where she last answered."""
        now = self.app.clock.now()
        row = {"text": words, "kind": "test", "because": words, "options": None, "media_id": None}
        with self.app.database.write() as db:
            (zhao,) = people.list_staff_named(db, "赵")
            thread = threads.of_person(db, zhao.id)
            assert thread is not None
            moments = {"created_at": now, "not_before": now, "issue_id": None}
            outbox.add(db, [{**row, **moments, "thread_id": thread.id}])

    def drain(self, after: timedelta = timedelta(0)) -> None:
        """Everything that is due then leaves."""
        assert isinstance(self.app.clock, MovableClock)
        self.app.clock.set(self.app.clock.now() + after)
        self.loop.run(self.app.postman.drain())

    def duty(self) -> list[str]:
        """What the duty desk was told."""
        return [text for user, text in self.post.arrived if user == "duty"]

    def errors(self) -> list[str]:
        """Why what waits waits."""
        with self.app.database.read() as db:
            return [parcel.error for parcel in outbox_rows.list_waiting(db)]


@pytest.fixture
def desk(make_app: Callable[..., App]) -> Iterator[Desk]:
    app = make_app(CHANNELS__LOCAL__ENABLED="false", CHANNELS__LOCAL__DEMO="false")
    post = Post()
    app.channels["post"] = post
    with asyncio.Runner() as loop:
        loop.run(app.start())
        with app.database.write() as db:
            zhao = people.add_person(db, "赵", Role.LIAISON, phone="13900000001")
            duty = people.add_person(db, "值班", Role.OFFICE)
            for user, person, hour in (("zhao-1", zhao, 0), ("zhao-2", zhao, 1), ("duty", duty, 0)):
                thread = threads.open_thread(db, Address("post", user), person)
                heard = app.clock.now() - timedelta(hours=hour)
                threads.change(db, thread.id, heard_at=heard)
        yield Desk(app, post, loop)
        loop.run(app.stop())


def again(reason: str = "delivery.slow", *, counts: bool = True) -> Undeliverable:
    return Undeliverable(reason, retry_after=timedelta(seconds=2), counts=counts)


def test_waiting_for_a_picture_uses_up_no_tries(desk: Desk) -> None:
    desk.post.troubles = [again("delivery.picture_waits", counts=False) for _ in range(TRIES + 5)]
    desk.say("看图")
    for _ in range(TRIES + 5):
        desk.drain(timedelta(seconds=2))
    desk.drain(timedelta(seconds=2))
    assert desk.post.arrived == [("zhao-1", "看图")]


def test_what_the_platform_never_takes_is_given_up_aloud(desk: Desk) -> None:
    desk.post.troubles = [again() for _ in range(TRIES)]
    desk.say("在吗")
    for _ in range(TRIES):
        desk.drain(timedelta(seconds=2))
    (told,) = desk.duty()
    assert "【未送达】" in told
    assert "赵 13900000001" in told


@pytest.mark.parametrize("reason", ["delivery.left", "delivery.unknown_person"])
def test_it_goes_on_to_the_next_phone_and_stays_there(desk: Desk, reason: str) -> None:
    desk.post.troubles = [Undeliverable(reason, permanent=True)]
    for words in ("一", "二"):
        desk.say(words)
        desk.drain()
    assert desk.post.arrived == [("zhao-2", "一"), ("zhao-2", "二")]


def test_what_is_wrong_with_the_words_is_wrong_on_every_phone(desk: Desk) -> None:
    desk.post.troubles = [Undeliverable("delivery.refused", permanent=True)]
    desk.say("一")
    desk.drain()
    assert len(desk.duty()) == 1
    desk.say("二")
    desk.drain()
    assert desk.post.arrived[-1] == ("zhao-1", "二")


def test_what_no_phone_takes_rests_and_is_told_of_once(desk: Desk) -> None:
    shut = [Undeliverable("delivery.window_shut", hold=True) for _ in range(2)]
    desk.post.troubles = list(shut)
    desk.say("一")
    desk.drain()
    assert desk.post.arrived == [("duty", desk.duty()[0])]
    assert desk.errors() == ["delivery.window_shut: "]
    desk.post.troubles = list(shut)
    _writes(desk, "zhao-1")
    desk.drain(timedelta(minutes=1))
    assert len(desk.duty()) == 1
    _writes(desk, "zhao-1")
    desk.drain(timedelta(minutes=1))
    assert desk.post.arrived[-1] == ("zhao-1", "一")


def test_nothing_waits_for_somebody_who_has_just_written(desk: Desk) -> None:
    """Her message arrives while the letter is on its way to a window that was shut."""
    desk.post.troubles = [Undeliverable("delivery.window_shut", hold=True)]

    def write() -> None:
        desk.post.meanwhile = lambda: None
        _writes(desk, "zhao-1", timedelta(seconds=1))

    desk.post.meanwhile = write
    desk.say("一")
    desk.drain()
    assert desk.duty() == []
    desk.drain(timedelta(seconds=2))
    assert desk.post.arrived == [("zhao-1", "一")]


def test_the_sends_of_a_window_are_not_counted_in_the_next(desk: Desk) -> None:
    """Her message arrives while a push is on its way: the new window is whole."""
    desk.post.cost = 3
    desk.say("一")
    desk.drain()
    assert _sends(desk) == 3

    def write() -> None:
        desk.post.meanwhile = lambda: None
        _writes(desk, "zhao-1", timedelta(seconds=1))

    desk.post.meanwhile = write
    desk.say("二")
    desk.drain()
    assert _sends(desk) == 0
    desk.say("三")
    desk.drain(timedelta(seconds=2))
    assert _sends(desk) == 3


def _sends(desk: Desk) -> int:
    with desk.app.database.read() as db:
        thread = threads.by_address(db, Address("post", "zhao-1"))
        assert thread is not None
        return thread.sends


def _writes(desk: Desk, user: str, later: timedelta = timedelta(0)) -> None:
    with desk.app.database.write() as db:
        thread = threads.mark_heard(db, Address("post", user), desk.app.clock.now() + later)
        outbox.bring_here(db, thread.id, thread.person_id)
