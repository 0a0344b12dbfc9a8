"""Messages a second through the whole app, beside the least that any server could do."""

import csv
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from itertools import count, islice
from pathlib import Path
from time import monotonic

from bot.clock import SystemClock
from bot.core.messages import Address
from bot.core.people import Role
from bot.taxonomy import CHECK
from storage.database import Database
from storage.delivery import threads
from storage.migrate import migrate
from storage.people import people
from tests.bench.load import Timing, flat_out, request, steadily
from tests.channels.wechat_site import ROOT, seal_delivery
from tests.faults.server import Server, free_port
from tests.peers.wechat_messages import text

CONNECTIONS, STEADY = 50, 200
ROUNDS, MESSAGES, STEADY_SECONDS, WARM_UP = 3, 1000, 8, 300
LIAISONS = ("zhao", "qian", "sun", "li")
Row = tuple[str, str, str]
Serving = Callable[[Path], AbstractContextManager[int]]
Words = Callable[[int], str]


def run() -> list[Row]:
    """Rows for the benchmark's table: what, value, ratio.

    The three servers take turns, and the best turn of each counts: what else the machine does at
    the time is none of theirs.
    """
    with ExitStack() as all_of_it:
        whole, mixed, each, group = (
            all_of_it.enter_context(_lane(serving, words))
            for serving, words in (
                (_bot, _power_cut),
                (_bot, _pick_complaint),
                (partial(_least, mode="each"), _power_cut),
                (partial(_least, mode="group"), _power_cut),
            )
        )
        for _ in range(ROUNDS):
            for lane in (whole, mixed, each, group):
                lane.round()
        steady = steadily(whole.port, whole.some(STEADY * STEADY_SECONDS), CONNECTIONS, STEADY)
    floor = each.best.rate
    return [
        _row("whole app, all on one matter", whole.best, whole.best.rate / floor),
        _row("whole app, matters of all kinds", mixed.best, mixed.best.rate / floor),
        _row("floor, a commit each", each.best, 1.0),
        _row("floor, commits shared", group.best, group.best.rate / floor),
        (f"webhook: whole app at {STEADY}/s", f"p99 {steady.p99 * 1e3:.0f} ms", ""),
    ]


def _row(name: str, timing: Timing, ratio: float) -> Row:
    times = f"p50 {timing.p50 * 1e3:.0f} ms, p99 {timing.p99 * 1e3:.0f} ms"
    return (f"webhook: {name}", f"{timing.rate:,.0f}/s, {times}", f"{ratio:.2f}")


@dataclass
class _Lane:
    """One of the servers, and messages for it, each from a contact who has none open."""

    port: int
    words: Words
    numbers: Iterator[int] = field(default_factory=count)
    timings: list[Timing] = field(default_factory=list)

    @property
    def best(self) -> Timing:
        """The turn with the highest rate."""
        return max(self.timings, key=lambda one: one.rate)

    def some(self, many: int) -> list[bytes]:
        """The next messages as they go over the line."""
        return [
            request(seal_delivery(_message(n, self.words(n)))) for n in islice(self.numbers, many)
        ]

    def round(self) -> None:
        """One turn."""
        self.timings.append(flat_out(self.port, self.some(MESSAGES), CONNECTIONS))


@contextmanager
def _lane(serving: Serving, words: Words) -> Iterator[_Lane]:
    with tempfile.TemporaryDirectory() as folder:
        _people(Path(folder), WARM_UP + ROUNDS * MESSAGES + STEADY * STEADY_SECONDS)
        with serving(Path(folder)) as port:
            lane = _Lane(port, words)
            flat_out(port, lane.some(WARM_UP), CONNECTIONS)
            yield lane


def _people(folder: Path, contacts: int) -> None:
    """Contacts who have consented, of firms whose liaisons are on the phones page."""
    database = Database(f"sqlite:///{folder / 'exchange.db'}")
    migrate(database)
    now = SystemClock().now()
    with database.write() as db:
        staff = [people.add_person(db, name, Role.LIAISON) for name in LIAISONS]
        for handle, person in zip(LIAISONS, staff, strict=True):
            threads.open_thread(db, Address("local", handle), person)
        for n in range(contacts):
            firm = people.add_enterprise(db, f"企业{n}", liaison_id=staff[n % 4])
            contact = people.add_person(db, f"联系人{n}", Role.CONTACT, enterprise_id=firm)
            thread = threads.open_thread(db, Address("wechat", f"o-contact-{n}"), contact)
            before = now - timedelta(days=1)
            threads.change(db, thread.id, welcomed_at=before, consented_at=before)
    database.close()


def _power_cut(n: int) -> str:
    """The dearest to file: hundreds of open issues say the same already."""
    return f"{n} 号车间今天上午第三次停电，冷库里的货快保不住了，请尽快派人来看一下。"


@cache
def _kinds() -> tuple[str, ...]:
    with CHECK.open(encoding="utf-8", newline="") as lines:
        return tuple(row["text"] for row in csv.DictReader(lines))


def _pick_complaint(n: int) -> str:
    """What firms write of all kinds, each with a place of its own."""
    return f"{n} 栋：{_kinds()[n % len(_kinds())]}"


def _message(n: int, words: str) -> str:
    return text(f"o-contact-{n}", words, int(SystemClock().now().timestamp()))


@contextmanager
def _bot(folder: Path) -> Iterator[int]:
    server = Server(folder, "http://127.0.0.1:9", {"EXCHANGE_CHANNELS__LOCAL__ENABLED": "true"})
    server.start()
    yield server.port
    server.stop()
    assert "Traceback" not in server.log, server.log[-3000:]


@contextmanager
def _least(folder: Path, mode: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.floor", str(folder), str(port), mode]
    process = subprocess.Popen(command, cwd=ROOT)
    deadline = monotonic() + 20
    while monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except ConnectionRefusedError:
            continue
    yield port
    process.terminate()
    process.wait(10)
