"""Words that staff write freely to a firm wait some seconds, and leave once or not at all."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import demo
from bot.app import App
from bot.core.messages import Address, Content, Incoming, Kind
from storage.delivery import held_words
from storage.delivery.held_words import Fate
from storage.tables.delivery import outbox, threads
from storage.tables.issues import events, issues

WORDS = "抢修队 20 分钟后到"
HOLD = timedelta(seconds=20)


async def _say(app: App, who: str, words: str) -> None:
    at = app.clock.now()
    key = f"held:{who}:{words}:{at.isoformat()}"
    address = Address(demo.CHANNEL, who)
    done = await app.runner.hear(Incoming(key, address, Content(Kind.TEXT, words), at, slot=True))
    assert done.fault is None
    app.postman.mark_arrived(done.replies)
    await app.postman.drain()


async def _accept(app: App) -> None:
    await app.start()
    await _say(app, "hengyu", "车间停电了")
    await app.advance(app.clock.now() + timedelta(minutes=5))
    await _say(app, "zhao", "受理 001")
    await _say(app, "zhao", WORDS)


def _read(app: App, who: str) -> list[str]:
    rows = select(outbox.c.text).join(threads, threads.c.id == outbox.c.thread_id)
    with app.database.read() as db:
        return list(db.execute(rows.where(threads.c.address == who)).scalars())


def _count_answers(app: App) -> int:
    with app.database.read() as db:
        moves = db.execute(select(events.c.move).where(events.c.move == "answer"))
        return len(moves.all())


def _count_arrived(app: App) -> int:
    return sum(WORDS in text for text in _read(app, "hengyu"))


def _find_fate(app: App) -> str:
    with app.database.read() as db:
        kept = held_words.by_id(db, 1)
    assert kept is not None
    return kept.fate


def test_they_count_only_when_they_leave(make_app: Callable[..., App]) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        assert (_count_answers(app), _count_arrived(app)) == (0, 0)
        await app.advance(app.clock.now() + HOLD - timedelta(seconds=1))
        assert (_count_answers(app), _count_arrived(app)) == (0, 0)
        await app.advance(app.clock.now() + timedelta(seconds=1))
        assert (_count_answers(app), _count_arrived(app)) == (1, 1)
        with app.database.read() as db:
            answered = db.execute(select(issues.c.answered_at)).scalar_one()
        assert answered == app.clock.now()
        await app.stop()

    asyncio.run(play(make_app()))


def test_two_who_send_them_at_once_send_them_once(make_app: Callable[..., App]) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        app.clock.set(app.clock.now() + HOLD)  # type: ignore[attr-defined]
        await asyncio.gather(*(app.releaser.look() for _ in range(3)))
        await app.postman.drain()
        assert (_count_answers(app), _count_arrived(app)) == (1, 1)
        await app.stop()

    asyncio.run(play(make_app()))


def test_killed_meanwhile_they_leave_at_the_next_start(make_app: Callable[..., App]) -> None:
    async def play(first: App, second: App) -> None:
        await _accept(first)
        await first.stop()
        second.clock.set(first.clock.now() + timedelta(minutes=3))  # type: ignore[attr-defined]
        await second.start()
        await second.releaser.look()
        await second.postman.drain()
        assert (_count_answers(second), _count_arrived(second)) == (1, 1)
        await second.stop()

    asyncio.run(play(make_app(), make_app()))


def test_after_a_long_stop_their_writer_is_asked(make_app: Callable[..., App]) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        app.clock.set(app.clock.now() + timedelta(hours=2))  # type: ignore[attr-defined]
        await app.releaser.look()
        await app.postman.drain()
        assert (_count_answers(app), _count_arrived(app), _find_fate(app)) == (0, 0, Fate.ASKED)
        assert "【还没有发出】" in _read(app, "zhao")[-1]
        await _say(app, "zhao", "1")
        assert (_count_answers(app), _count_arrived(app)) == (1, 1)
        await app.stop()

    asyncio.run(play(make_app()))


def test_what_is_over_meanwhile_hears_nothing_more(make_app: Callable[..., App]) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        await _say(app, "hengyu", "撤回 001")
        before = len(_read(app, "hengyu"))
        await app.advance(app.clock.now() + HOLD)
        assert len(_read(app, "hengyu")) == before
        assert (_count_answers(app), _find_fate(app)) == (0, Fate.REFUSED)
        assert "【没有发出】" in _read(app, "zhao")[-1]
        await app.stop()

    asyncio.run(play(make_app()))


def test_other_words_for_the_firm_do_not_wait_behind_them(make_app: Callable[..., App]) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        await _say(app, "duty", "反馈 001 供电公司已经知道")
        assert any("供电公司已经知道" in text for text in _read(app, "hengyu"))
        assert _count_arrived(app) == 0
        await app.stop()

    asyncio.run(play(make_app()))


def test_nobody_else_takes_them_back(make_app: Callable[..., App]) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        for words in ("不发", "撤销"):
            await _say(app, "duty", words)
        await app.advance(app.clock.now() + HOLD)
        assert _count_arrived(app) == 1
        await app.stop()

    asyncio.run(play(make_app()))


@pytest.mark.parametrize("words", ["0", "撤销", "不发"])
def test_taken_back_they_leave_no_trace_at_the_firm(
    make_app: Callable[..., App], words: str
) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        before = _read(app, "hengyu")
        await _say(app, "zhao", words)
        await app.advance(app.clock.now() + timedelta(minutes=5))
        assert _read(app, "hengyu") == before
        assert (_count_answers(app), _find_fate(app)) == (0, Fate.TAKEN_BACK)
        await app.stop()

    asyncio.run(play(make_app()))


def test_without_a_wait_they_leave_at_once(make_app: Callable[..., App]) -> None:
    async def play(app: App) -> None:
        await _accept(app)
        assert (_count_answers(app), _count_arrived(app)) == (1, 1)
        await app.stop()

    asyncio.run(play(make_app(LIMITS__HOLD_SECONDS="0")))
