"""Whatever anybody says in whatever order: no enterprise sees another's matter, no internal word
reaches an enterprise, no word is lost, none is taken twice."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import demo
from bot.app import App
from bot.core.messages import Address, Content, Incoming, Kind
from bot.core.people import Role
from bot.demo import Phone
from storage.tables.delivery import messages, outbox, threads
from storage.tables.issues import events, issues
from storage.tables.people import people

pytestmark = pytest.mark.slow

STEPS = 160
ROOMS = "staff"
"""The address of the group in which issues have rooms."""
TOKEN = re.compile(r"词\d{4}")
CONTACTS = [phone for phone in demo.phones() if phone.role is Role.CONTACT]
STRANGERS = [phone for phone in demo.phones() if phone.role is None]
STAFF = [phone for phone in demo.phones() if phone.role not in (None, Role.CONTACT)]
MATTERS = ["车间停电了", "招不到人", "路灯坏了", "贷款批不下来", "宿舍停水", "想要补贴"]
INTERNAL = ["备注", "#", "退单", "不接", "批示", "批", "不准延"]
OUTWARD = ["反馈", "请补充", "办结"]
MARKS = ["#", "＃", "备注 ", " # "]
IN_ROOMS = ["受理", "撤销", "待办", "办结", "1", "2", "转办 周电工"]
OTHERS = ["受理", "接", "转办", "撤销", "待办", "查看", "帮助", "准延", "包案", "为什么", "时限"]
OTHERS += ["上会", "待批", "转"]
ASKED = ["进度", "催办", "撤回", "我的诉求", "撤销", "已解决", "没解决", "评价", "重办", "补充"]


@dataclass
class Play:
    """A crowd on one app. `authors` says who wrote each token, `inner` which never leave."""

    app: App
    chance: random.Random
    authors: dict[str, Phone] = field(default_factory=dict)
    inner: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    typed: set[tuple[str, str]] = field(default_factory=set)

    def token(self, author: Phone, *, inner: bool = False) -> str:
        made = f"词{len(self.authors):04d}"
        self.authors[made] = author
        if inner:
            self.inner.add(made)
        return made

    async def step(self) -> None:
        who = self.chance.choice([*CONTACTS, *STRANGERS, *STAFF, *STAFF])
        words = self._of_staff(who) if who in STAFF else self._of_contact(who)
        await self.say(who, words, twice=self.chance.random() < 0.2)
        if self.chance.random() < 0.3:
            later = self.app.clock.now() + timedelta(minutes=self.chance.choice([1, 20, 200]))
            await self.app.advance(later)

    async def step_into_a_room(self) -> None:
        """Somebody, mostly one of the staff, writes in the room of some issue."""
        if not self.numbers:
            return
        who = self.chance.choice([*CONTACTS, *STRANGERS, *STAFF * 4])
        kind = self.chance.random()
        if who not in STAFF or kind < 0.2:
            words = f"随口说一句 {self.token(who, inner=who not in STAFF)}"
        elif kind < 0.5:
            words = (
                f"{self.chance.choice(['#', '＃', '备注 ', ' # '])}{self.token(who, inner=True)}"
            )
        elif kind < 0.7:
            words = (
                f"{self.chance.choice(['受理', '撤销', '待办', '办结', '1', '2', '转办 周电工'])}"
            )
        else:
            words = f"{self.chance.choice(OUTWARD)} {self.token(who)}已安排到位"
        room = Address(demo.CHANNEL, f"{ROOMS}/{self.chance.choice(self.numbers)}")
        await self.say(who, words, twice=self.chance.random() < 0.2, room=room)

    async def say(
        self, who: Phone, words: str, *, twice: bool, room: Address | None = None
    ) -> None:
        self.typed |= {(who.handle, number) for number in self.numbers if number in words}
        key = f"crowd:{len(self.sent)}"
        self.sent.append(key)
        content = Content(Kind.TEXT, words)
        own = Address(demo.CHANNEL, who.handle)
        now = self.app.clock.now()
        said = Incoming(key, room or own, content, now, slot=not room, sender=own if room else None)
        for _ in range(2 if twice else 1):
            done = await self.app.runner.hear(said)
            assert done.fault is None, words
            self.app.postman.mark_arrived(done.replies)
        await self.app.postman.drain()
        with self.app.database.read() as db:
            self.numbers = list(db.execute(select(issues.c.number)).scalars())

    def _of_contact(self, who: Phone) -> str:
        kind = self.chance.random()
        if kind < 0.45 or not self.numbers:
            return f"{self.chance.choice(MATTERS)} {self.token(who)}"
        if kind < 0.6:
            return str(self.chance.randint(1, 5))
        words = f"{self.chance.choice(ASKED)} {self.chance.choice(self.numbers)}"
        return f"{words} {self.token(who)}" if kind > 0.85 else words

    def _of_staff(self, who: Phone) -> str:
        kind = self.chance.random()
        if kind < 0.35 or not self.numbers:
            return str(self.chance.randint(1, 4))
        number = self.chance.choice(self.numbers)
        if kind < 0.6:
            return f"{self.chance.choice(INTERNAL)} {number} {self.token(who, inner=True)}"
        if kind < 0.8:
            return f"{self.chance.choice(OUTWARD)} {number} {self.token(who)}已安排到位"
        if kind < 0.9:
            return f"{self.chance.choice(OTHERS)} {number}"
        return f"随口说一句 {self.token(who)}"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_crowd_learns_nothing_of_each_other(make_app: Callable[..., App], seed: int) -> None:
    play = Play(make_app(), random.Random(seed))
    asyncio.run(_crowd(play))


@pytest.mark.parametrize("seed", [1, 2])
def test_nor_does_anybody_by_what_is_said_in_rooms(make_app: Callable[..., App], seed: int) -> None:
    app = make_app()
    app.runner._park = replace(app.park, staff_group=Address(demo.CHANNEL, ROOMS))
    play = Play(app, random.Random(seed))
    asyncio.run(_crowd(play, in_rooms=True))
    with play.app.database.read() as db:
        rows = select(messages.c.thread_id).where(messages.c.sender.is_not(None))
        assert len(db.execute(rows.distinct()).all()) > 3, "nobody was in a room"


async def _crowd(play: Play, *, in_rooms: bool = False) -> None:
    await play.app.start()
    try:
        for _ in range(STEPS):
            await play.step()
            if in_rooms:
                await play.step_into_a_room()
        _nobody_sees_another_enterprise(play)
        _no_inner_word_leaves(play)
        _assert_each_kept_once(play)
    finally:
        await play.app.stop()


def _list_outsider_texts(play: Play) -> list[tuple[str, str, int | None]]:
    """Every text put before somebody who is no member of the staff, with its issue."""
    outsiders = {phone.handle for phone in (*CONTACTS, *STRANGERS)}
    rows = select(threads.c.address, outbox.c.text, outbox.c.issue_id).join(
        threads, threads.c.id == outbox.c.thread_id
    )
    with play.app.database.read() as db:
        return [tuple(row) for row in db.execute(rows) if row.address in outsiders]


def _nobody_sees_another_enterprise(play: Play) -> None:
    firms = {phone.handle: phone.enterprise for phone in CONTACTS}
    owners = _owners(play)
    for user, text, _issue in _list_outsider_texts(play):
        # An echo of a number that somebody typed themselves tells nothing.
        shown = [candidate for candidate in play.numbers if candidate in text]
        for number in (candidate for candidate in shown if (user, candidate) not in play.typed):
            whose, handle = owners[number]
            assert handle == user or (whose and whose == firms.get(user)), (user, text)
        for token in TOKEN.findall(text):
            author = play.authors[token]
            if author not in STAFF:
                same = author.enterprise and author.enterprise == firms.get(user)
                assert author.handle == user or same, (user, text)


def _owners(play: Play) -> dict[str, tuple[str, str]]:
    firm_of = {phone.handle: phone.enterprise for phone in CONTACTS}
    rows = select(issues.c.number, threads.c.address).join(
        threads, threads.c.id == issues.c.thread_id
    )
    with play.app.database.read() as db:
        return {row.number: (firm_of.get(row.address, ""), row.address) for row in db.execute(rows)}


def _no_inner_word_leaves(play: Play) -> None:
    assert play.inner, "nobody said anything internal: the test shows nothing"
    for user, text, _issue in _list_outsider_texts(play):
        assert not play.inner.intersection(TOKEN.findall(text)), (user, text)


def _assert_each_kept_once(play: Play) -> None:
    with play.app.database.read() as db:
        kept = list(db.execute(select(messages.c.key)).scalars())
        filed = db.execute(select(events.c.because).where(events.c.move == "file")).scalars()
        doubled = [key for key, count in Counter(filed).items() if count > 1]
        assert db.execute(select(people.c.id)).first() is not None
    assert sorted(kept) == sorted(play.sent)
    assert not doubled
