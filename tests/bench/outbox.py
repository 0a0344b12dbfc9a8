"""10,000 messages for 1,000 people through the postman: as fast as it goes, and at the pace that
the platforms state, on a clock that only waiting moves."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from pydantic import SecretStr

from bot import texts
from bot.channels.base import Channel, Letter, Undeliverable
from bot.channels.telegram import channel as telegram_channel
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pace import ALL, Pace
from bot.channels.tencent.letters import sheets
from bot.channels.throttle import Throttle
from bot.channels.wecom.channel import PER_PERSON
from bot.clock import Clock, MovableClock
from bot.core.messages import Address
from bot.delivery.postman import Postman
from bot.settings import TelegramChannel, load
from storage.database import Database
from storage.delivery import outbox, threads
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia
from storage.migrate import migrate
from storage.writers import DirectWriter, GroupWriter, Writer
from tests.bench.simulated import JumpingLoop, LoopClock
from tests.conftest import ROOT
from tests.delivery import outbox_rows

MESSAGES, PEOPLE = 10_000, 1_000
BUSY = 100
"""People of the run in which each has more messages than WeCom takes in a minute."""
START = datetime(2024, 10, 14, 2, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
Row = tuple[str, str, str]


@dataclass
class Sink:
    """A platform that takes everything at once, and what it took: whose, and the words."""

    name: str
    merges: bool = False
    arrived: list[tuple[str, str]] = field(default_factory=list)
    sends: int = 0

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, letter: Letter, now: datetime) -> int:
        """Take it."""
        for parcel in letter.parcels:
            self.took(parcel.address.user, parcel.text)
        return 0

    def took(self, user: str, text: str) -> None:
        """One message has arrived."""
        self.arrived.append((user, text))
        self.sends += 1

    async def fetch(self, item: KeptMedia) -> bytes:
        """There is nothing."""
        raise Undeliverable("delivery.gone", permanent=True)


class WeComSink(Sink):
    """As many a minute for one person as the platform states, put off by the outbox."""

    throttle = Throttle(*PER_PERSON)

    async def send(self, letter: Letter, now: datetime) -> int:
        """Those that may leave now."""
        for place, parcel in enumerate(letter.parcels):
            try:
                self.throttle.take(parcel.address.user, now)
            except Undeliverable as trouble:
                trouble.carried = place
                raise
            self.took(parcel.address.user, parcel.text)
        return 0


class WeChatSink(Sink):
    """What waits for one person is one message."""

    async def send(self, letter: Letter, now: datetime) -> int:
        """One push for each sheet."""
        laid = sheets(letter)
        self.arrived += [(parcel.address.user, parcel.text) for parcel in letter.parcels]
        self.sends += len(laid)
        return len(laid)


class TelegramApi(Sink):
    """Telegram's side: it takes what the channel sends, which keeps to the pace by itself."""

    async def text(self, to: Any, words: str, buttons: object = ()) -> None:
        """One message."""
        self.took(to.chat, words)


def run() -> Iterator[Row]:
    """Rows for the benchmark's table: what, value, ratio."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    floor = _floor()
    yield ("outbox: floor, a durable commit for each", f"{floor:,.0f}/s", "1.00")
    with _fill_outbox("unlimited", PEOPLE) as (_database, writer):
        sink = Sink("unlimited")
        postman = _postman(writer, MovableClock(START, frozen=True), sink)
        began = perf_counter()
        asyncio.run(postman.drain())
        rate = MESSAGES / (perf_counter() - began)
        _check(sink.arrived)
    yield ("outbox: no limit set", f"{rate:,.0f}/s", f"{rate / floor:.2f}")
    # The last of each second's thirty may leave a second after the first of them did.
    yield _measure_pace(TelegramApi("telegram"), "30/s in all, 1/s a chat", MESSAGES / ALL[0] - 1)
    each, (most, span) = MESSAGES // BUSY, PER_PERSON[0]
    least = (each - 1) // most * span.total_seconds()
    yield _measure_pace(WeComSink("wecom"), f"{each} a person, 30/min each", least, BUSY)
    yield _measure_pace(WeChatSink("wechat", merges=True), "what waits is merged", 0)


def _measure_pace(sink: Sink, rule: str, least: float, people: int = PEOPLE) -> Row:
    """On a clock that only waiting moves: how long it takes beside how long it must."""
    loop = JumpingLoop()
    with _fill_outbox(sink.name, people, direct=True) as (database, writer), _as_current(loop):
        loop.run_until_complete(_empty(database, writer, sink, LoopClock(loop, START)))
    _check(sink.arrived)
    value = f"{loop.time():,.0f} s simulated, {sink.sends:,} sends"
    return (f"outbox: {sink.name}, {rule}", value, f"{loop.time() / least:.2f}" if least else "")


async def _empty(database: Database, writer: Writer, sink: Sink, clock: Clock) -> None:
    """Until nothing waits any more."""
    channel: Channel = _telegram(sink, writer, clock) if sink.name == "telegram" else sink
    task = asyncio.create_task(_postman(writer, clock, channel).run())
    while _waits(database):  # noqa: ASYNC110 - nothing tells that the last one has arrived
        await asyncio.sleep(1)
    task.cancel()


def _postman(writer: Writer, clock: Clock, channel: Channel) -> Postman:
    given = load(ROOT / "config.toml", {})
    return Postman(writer, clock, given.build_park(), texts.load(ZONE), {channel.name: channel})


def _telegram(sink: Sink, writer: Writer, clock: Clock) -> Telegram:
    """The channel as it is, on the time of the loop."""
    time: Callable[[], float] = asyncio.get_running_loop().time
    channel = Telegram(
        TelegramChannel(token=SecretStr("700700:AAEmulatedBotTokenForTestsOnly")),
        MediaFolder(Path("var/no-media")),
        writer,
        clock,
        texts.load(ZONE),
        address="",
        good_for=timedelta(days=1),
        pace=Pace(time, asyncio.sleep),
    )
    channel._api = sink  # type: ignore[assignment]
    telegram_channel.monotonic = time  # type: ignore[attr-defined]
    return channel


def _waits(database: Database) -> bool:
    with database.read() as db:
        return bool(outbox_rows.list_waiting(db))


def _check(arrived: list[tuple[str, str]]) -> None:
    """All there, once, and each person's in their order."""
    assert len(arrived) == MESSAGES, len(arrived)
    last: dict[str, int] = {}
    for user, text in arrived:
        number = int(text.split()[0])
        assert last.get(user, -1) < number, (user, text)
        last[user] = number


def _floor() -> float:
    """The least that any outbox does: one durable transaction for each message that left."""
    with _fill_outbox("floor", PEOPLE) as (database, _writer):
        began = perf_counter()
        for parcel_id in range(1, 1001):
            with database.write() as db:
                outbox.mark_sent(db, [parcel_id], START)
        return 1000 / (perf_counter() - began)


@contextmanager
def _as_current(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    try:
        yield
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@contextmanager
def _fill_outbox(
    channel: str, people: int, *, direct: bool = False
) -> Iterator[tuple[Database, Writer]]:
    """A database in which all of them wait, in an order that goes round the people."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'exchange.db'}", durable=not direct)
        migrate(database)
        with database.write() as db:
            made = [
                threads.mark_heard(db, Address(channel, f"{n}"), START).id for n in range(people)
            ]
            outbox.add(db, [_row(made[n % people], n) for n in range(MESSAGES)])
        writer = DirectWriter(database) if direct else GroupWriter(database)
        yield database, writer
        writer.close()
        database.close()


def _row(thread_id: int, n: int) -> dict[str, Any]:
    words = f"{n} 【反馈】YZ-20241014-{n:05d} 供电班组二十分钟后到现场，请留人开门"
    row = {"thread_id": thread_id, "text": words, "kind": "news.answered", "because": f"b:{n}"}
    moments = {"created_at": START, "not_before": START}
    return {**row, **moments, "options": None, "media_id": None, "issue_id": None}
