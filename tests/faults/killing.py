"""Kills a busy bot again and again, and counts what came of every message."""

import http.client
import queue
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from bot.clock import SystemClock, monotonic
from bot.core.messages import Address
from bot.core.people import Role
from storage.database import Database
from storage.delivery import threads
from storage.migrate import migrate
from storage.people import people
from storage.tables.delivery import messages, outbox
from storage.tables.issues import issues
from tests.channels.wechat_site import seal_delivery
from tests.faults.server import Server
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.wechat_messages import ACCOUNT, text

FIRMS_EACH = 4
"""Firms of one liaison: their notices stay within what a person may be pushed."""
POSTERS = 8
NOTICES_LIMIT = 120.0


@dataclass
class Ordeal:
    """`total` messages, each from another contact, while the bot is killed `kills` times."""

    folder: Path
    total: int
    kills: int
    seed: int = 1
    answered: dict[int, bytes] = field(default_factory=dict)
    attempts: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._database = Database(f"sqlite:///{self.folder / 'exchange.db'}")
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._changed = threading.Condition()

    def run(self, *, impatient: bool) -> None:
        """Go through it; AssertionError when anything was lost or doubled.

        `impatient`: the leases of the last life are ended by hand instead of waited for.
        """
        self._people()
        with FakeWeChat(strict=False) as fake:
            server = Server(self.folder, fake.base)
            server.start()
            self._post_and_kill(server)
            if impatient:
                server.kill()
                self._end_leases()
                server.start()
            self._wait_for_notices(fake)
            server.stop()
            self._check(fake, server)
        self._database.close()

    def _people(self) -> None:
        migrate(self._database)
        now = SystemClock().now()
        with self._database.write() as db:
            for n in range(self.total):
                if n % FIRMS_EACH == 0:
                    liaison = people.add_person(db, f"联络员{n}", Role.LIAISON, phone="13900000000")
                    thread = threads.open_thread(db, Address("wechat", _liaison(n)), liaison)
                    threads.change(db, thread.id, heard_at=now)
                firm = people.add_enterprise(db, f"企业{n}", liaison_id=liaison)
                contact = people.add_person(db, f"联系人{n}", Role.CONTACT, enterprise_id=firm)
                threads.open_thread(db, Address("wechat", f"o-contact-{n}"), contact)

    def _post_and_kill(self, server: Server) -> None:
        for n in range(self.total):
            self._waiting.put(n)
        posters = [threading.Thread(target=self._post, args=(server,)) for _ in range(POSTERS)]
        for poster in posters:
            poster.start()
        for moment in sorted(self._random.sample(range(1, self.total), self.kills)):
            with self._changed:
                self._changed.wait_for(lambda at=moment: len(self.answered) >= at)  # type: ignore[misc]
            threading.Event().wait(self._random.uniform(0, 0.05))
            server.kill()
            server.start()
        for poster in posters:
            poster.join()

    def _post(self, server: Server) -> None:
        """Post what waits; what got no answer waits again, as the platform's repeats do."""
        while len(self.answered) < self.total:
            try:
                n = self._waiting.get(timeout=0.1)
            except queue.Empty:
                continue
            self.attempts += 1
            try:
                answer = server.post(seal_delivery(_message(n)))
            except (OSError, http.client.HTTPException):
                self._waiting.put(n)
                threading.Event().wait(0.05)
                continue
            with self._changed:
                self.answered[n] = answer
                self._changed.notify_all()

    def _end_leases(self) -> None:
        past = SystemClock().now() - timedelta(seconds=1)
        with self._database.write() as db:
            db.execute(update(outbox).values(leased_until=past).where(outbox.c.sent_at.is_(None)))

    def _wait_for_notices(self, fake: FakeWeChat) -> None:
        deadline = monotonic() + NOTICES_LIMIT
        while self._missing(fake) and monotonic() < deadline:
            threading.Event().wait(0.2)

    def _missing(self, fake: FakeWeChat) -> set[str]:
        """The issues whose liaison has not heard of them."""
        return {
            number
            for n, number in self._numbers().items()
            if not any(number in told for told in fake.texts(_liaison(n)))
        }

    def _numbers(self) -> dict[int, str]:
        """Which message is in which issue."""
        rows = select(messages.c.key, issues.c.number).join(
            issues, issues.c.id == messages.c.issue_id
        )
        with self._database.read() as db:
            return {int(row.key.rpartition(":")[2]) - 1: row.number for row in db.execute(rows)}

    def _check(self, fake: FakeWeChat, server: Server) -> None:
        with self._database.read() as db:
            keys = Counter(db.execute(select(messages.c.key)).scalars())
            titles = Counter(db.execute(select(issues.c.title)).scalars())
        assert keys == Counter(f"wechat:{ACCOUNT}:o-contact-{n}:{n + 1}" for n in range(self.total))
        assert titles == Counter(_words(n) for n in range(self.total))
        assert len(set(self._numbers().values())) == self.total
        assert not self._missing(fake)
        assert all(b"Encrypt" in answer for answer in self.answered.values())
        assert "Traceback" not in server.log, server.log[-4000:]


def _message(n: int) -> str:
    return text(f"o-contact-{n}", _words(n), int(SystemClock().now().timestamp()), n + 1)


def _words(n: int) -> str:
    return f"{n} 号车间停电了"  # urgent: the notice does not wait for the morning


def _liaison(n: int) -> str:
    return f"o-liaison-{n // FIRMS_EACH}"
