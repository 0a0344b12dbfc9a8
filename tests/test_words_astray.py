"""What staff write beside the matter, in whatever state, reaches no firm unless they chose it."""

import asyncio
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import App
from bot.core.people import Role
from bot.demo import Phone
from storage.tables.delivery import messages, outbox, threads
from tests.test_privacy import CONTACTS, MATTERS, STAFF, Play

pytestmark = pytest.mark.slow
STEPS = 140
KINDS = tomllib.loads((Path(__file__).parent / "talk" / "asides.toml").read_text(encoding="utf-8"))
LIAISONS = [phone for phone in STAFF if phone.role is Role.LIAISON]
ORDERS = ["受理", "接", "待办", "撤销", "帮助", "更多", "反馈", "请补充", "办结", "转办", "查看"]
SPANS = [timedelta(seconds=30), timedelta(minutes=10), timedelta(hours=4)]
CHOSEN = ("发给", "照样发出", "现在发")
"""How the lines begin by which somebody says to whom their words go."""


@dataclass
class Talk(Play):
    """A crowd in which staff keep saying what is not for firms."""

    said: dict[str, str] = field(default_factory=dict)
    """What was said beside the matter, by its kind."""

    async def chat(self) -> None:
        """Somebody writes: a firm a matter, staff mostly something that is not for it."""
        if self.chance.random() < 0.3 or not self.numbers:
            who = self.chance.choice(CONTACTS)
            await self.say(who, f"{self.chance.choice(MATTERS)} {self.token(who)}", twice=False)
            return
        who = self.chance.choice([*STAFF, *LIAISONS * 2])
        kind = self.chance.random()
        if kind < 0.5:
            words = self._pick_aside(who)
        elif kind < 0.7:
            words = str(self.chance.randint(0, 3))
        else:
            words = self.chance.choice(ORDERS)
            words += f" {self.chance.choice(self.numbers)}" if self.chance.random() < 0.6 else ""
        await self.say(who, words, twice=False)
        if self.chance.random() < 0.3:
            await self.app.advance(self.app.clock.now() + self.chance.choice(SPANS))

    def _pick_aside(self, who: Phone) -> str:
        kind = self.chance.choice(sorted(KINDS))
        line = self.chance.choice(KINDS[kind].split("\n")[:-1])
        colleague = self.chance.choice([phone.name for phone in STAFF if phone != who])
        other = self.chance.choice(CONTACTS).enterprise
        words = line.format(colleague=colleague, other=other)
        self.said[words] = kind
        return str(words)


@dataclass(frozen=True)
class Leak:
    """Words that lie before a firm, and the message that brought them there."""

    words: str
    firm: str
    because: str
    kind: str
    row: int


def _list_arrivals(talk: Talk) -> Iterator[Leak]:
    firms = {phone.handle: phone.enterprise for phone in CONTACTS}
    rows = select(
        outbox.c.id, outbox.c.text, outbox.c.because, outbox.c.kind, threads.c.address
    ).join(threads, threads.c.id == outbox.c.thread_id)
    with talk.app.database.read() as db:
        for row in db.execute(rows):
            for words in talk.said if row.address in firms else ():
                if words in row.text:
                    yield Leak(words, firms[row.address], row.because, row.kind, row.id)


def _was_chosen(talk: Talk, leak: Leak) -> bool:
    """Whether the writer chose a line that says to which firm the words go."""
    with talk.app.database.read() as db:
        writer = db.execute(
            select(messages.c.thread_id, messages.c.text).where(messages.c.key == leak.because)
        ).one()
        seen = db.execute(
            select(outbox.c.text, outbox.c.options)
            .where(outbox.c.thread_id == writer.thread_id, outbox.c.id < leak.row)
            .order_by(outbox.c.id.desc())
        ).all()
    if not writer.text.isdecimal():
        return _was_asked_for(leak)
    menus = [(row.text, option) for row in seen for option in row.options or ()]
    lines = [
        (text, option["label"])
        for text, option in menus
        if str(option["digit"]) == writer.text and option["label"].startswith(CHOSEN)
    ]
    return any(leak.firm in f"{text} {label}" for text, label in lines)


def _was_asked_for(leak: Leak) -> bool:
    """Whether 请补充 or 办结 had asked for words to the firm: only what plainly is no
    answer is asked about then, which another test shows."""
    return leak.kind in {"news.asked", "result.resolved"}


@pytest.mark.parametrize("seed", range(4))
def test_no_aside_reaches_a_firm_unchosen(make_app: Callable[..., App], seed: int) -> None:
    talk = Talk(make_app(), random.Random(seed))

    async def play() -> None:
        await talk.app.start()
        for _ in range(STEPS):
            await talk.chat()
        await talk.app.stop()

    asyncio.run(play())
    assert set(talk.said.values()) == set(KINDS), "some kind was never said"
    astray = [leak for leak in _list_arrivals(talk) if not _was_chosen(talk, leak)]
    assert astray == []


@pytest.mark.parametrize("verb", ["请补充", "办结"])
@pytest.mark.parametrize(
    "words",
    [
        *("待会儿再说", "这老板脾气真大", "这家是关系户，小心点", "这件到底归谁管"),
        *("怎么转给别人", "挂账到月底", "受理那个", "孙晓岚说先不答复"),
    ],
)
def test_what_is_plainly_no_answer_is_asked_about(
    make_app: Callable[..., App], verb: str, words: str
) -> None:
    talk = Talk(make_app(), random.Random(0), said={words: verb})

    async def play() -> None:
        await talk.app.start()
        await talk.say(CONTACTS[0], "车间停电了", twice=False)
        for typed in ("受理 001", f"{verb} 001", words):
            await talk.say(LIAISONS[0], typed, twice=False)
        await talk.app.advance(talk.app.clock.now() + timedelta(minutes=2))
        assert list(_list_arrivals(talk)) == []
        await talk.say(LIAISONS[0], "1", twice=False)
        await talk.app.stop()

    asyncio.run(play())
    assert {leak.firm for leak in _list_arrivals(talk)} == {CONTACTS[0].enterprise}


def test_what_was_typed_after_a_verb_is_found_where_it_arrives(
    make_app: Callable[..., App],
) -> None:
    """The reader of arrivals sees words that do reach a firm."""
    talk = Talk(make_app(), random.Random(0))
    words = "这老板脾气真大"

    async def play() -> None:
        await talk.app.start()
        await talk.say(CONTACTS[0], "车间停电了", twice=False)
        talk.said[words] = "gossip"
        await talk.say(LIAISONS[0], f"反馈 001 {words}", twice=False)
        await talk.app.stop()

    asyncio.run(play())
    (leak,) = _list_arrivals(talk)
    assert leak.firm == CONTACTS[0].enterprise
    assert not _was_chosen(talk, leak)
