"""Several people at one evening, each served by another process: what they do at the same moment is
done in some order, never half and never twice."""

import asyncio
from collections.abc import Awaitable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot import demo
from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Incoming, Kind
from bot.core.sessions.session import Coming, Session
from bot.runtime.runner import Done
from bot.settings import load
from storage.sessions import agenda, promises, sessions
from storage.tables.delivery import outbox
from storage.tables.sessions import session_events
from tests.conftest import MONDAY, ROOT
from tests.databases import PostgresPlace, SqlitePlace
from tests.dialogues.player import Player, handle
from tests.sessions.conftest import open_context

READY = """
[2024-10-14 周一 09:00] 王芳> 报名 车间电压不稳
[09:05] 何小满> 报名 水压低
"""
ROUNDS = 4
Both = tuple[App, App]


@pytest.fixture
def both(place: SqlitePlace | PostgresPlace, tmp_path: Path) -> Iterator[Both]:
    """Two programs on one database, as on two machines."""
    with place.create_migrated() as url:
        scratch = {
            "EXCHANGE_STORAGE__URL": url,
            "EXCHANGE_STORAGE__MEDIA": str(tmp_path / "media"),
            "EXCHANGE_SESSIONS__CAPACITY": "3",
        }
        early = MONDAY.replace(hour=8)
        apps = [App(load(ROOT / "config.toml", scratch), MovableClock(early, frozen=True))]
        apps.append(App(load(ROOT / "config.toml", scratch), MovableClock(early, frozen=True)))
        yield apps[0], apps[1]
        for app in apps:
            app.database.close()


def at_once(both: Both, before: str, *pairs: tuple[str, str]) -> list[list[Done]]:
    """What the two programs answered: each pair are two words said at one moment, each to another
    program."""

    async def play_pairs() -> list[list[Done]]:
        await both[0].start()
        await both[1].start()
        await Player(both[0]).play(before, "before")
        now = both[0].clock.now()
        assert isinstance(both[1].clock, MovableClock)
        both[1].clock.set(now)
        keys = count()
        answers = []
        for pair in pairs:
            said = [
                _say_line(app, words, f"at:{next(keys)}")
                for app, words in zip(both, pair, strict=True)
            ]
            answers.append(list(await asyncio.gather(*said)))
        await both[0].stop()
        await both[1].stop()
        return answers

    found = asyncio.run(play_pairs())
    assert [done.fault for pair in found for done in pair if done.fault] == []
    return found


def _say_line(app: App, line: str, key: str) -> Awaitable[Done]:
    who, _, words = line.partition("> ")
    address = Address(demo.CHANNEL, handle(who))
    return app.runner.hear(Incoming(key, address, Content(Kind.TEXT, words), app.clock.now()))


def test_two_who_record_get_two_numbers_or_a_question(both: Both) -> None:
    lines = [
        (
            f"值班员小蒋> 记 1号 供电公司 10月{20 + n}日前 换第 {n} 台",
            f"冯主任> 记 2号 自来水公司 10月{20 + n}日前 换第 {n} 段",
        )
        for n in range(ROUNDS)
    ]
    at_once(both, READY + "[19:30] 王芳> 签到", *lines)
    with open_context(both[0]) as context:
        found = promises.everything(context.db)
        assert [promise.serial for promise in found] == list(range(1, 2 * ROUNDS + 1))
        assert sorted(promise.what for promise in found if "台" in promise.what) == sorted(
            f"换第 {n} 台" for n in range(ROUNDS)
        )


def test_two_who_record_on_one_item_are_asked(both: Both) -> None:
    pair = ("值班员小蒋> 记 1号 供电公司 下周五前 增容", "冯主任> 记 1号 供电公司 下周五前 增容")
    at_once(both, READY + "[19:30] 王芳> 签到", pair)
    with open_context(both[0]) as context:
        assert len(promises.everything(context.db)) == 1
        asked = select(outbox.c.text).where(outbox.c.kind == "promise.twice")
        assert len(context.db.execute(asked).all()) == 1


def test_an_evening_is_opened_once(both: Both) -> None:
    at_once(both, READY + "[19:30] 马行空> 主题日", ("王芳> 签到", "何小满> 签到"))
    with open_context(both[0]) as context:
        acts = context.db.execute(select(session_events.c.act)).scalars().all()
        assert acts.count("open_session") == 1
        assert acts.count("here") == 2
        session = sessions.by_number(context.db, 95)
        assert session is not None
        places = [item.place for item in agenda.of_session(context.db, session.id)]
        assert places == [1, 2]


def test_who_looks_while_another_opens_the_evening_is_there_too(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look came just before the other process had opened it, the second just after."""
    real, looks = sessions.find_current_session, count()

    def look(db: Connection) -> Session | None:
        return None if next(looks) == 0 else real(db)

    async def story() -> list[Done]:
        await both[0].start()
        await Player(both[0]).play(READY + "[19:30] 王芳> 签到", "before")
        monkeypatch.setattr(sessions, "find_current_session", look)
        answer = await _say_line(both[0], "何小满> 签到", "late")
        await both[0].stop()
        return [answer]

    (answer,) = asyncio.run(story())
    assert answer.fault is None
    monkeypatch.undo()
    with open_context(both[0]) as context:
        acts = context.db.execute(select(session_events.c.act)).scalars().all()
        assert (acts.count("open_session"), acts.count("here")) == (1, 2)


def test_the_last_seat_is_given_once(both: Both) -> None:
    at_once(both, READY, ("林知夏> 报名 缺公寓", "马行空> 报名 东门不开"))
    with open_context(both[0]) as context:
        session = sessions.by_number(context.db, 95)
        assert session is not None
        found = [seat.coming for seat in sessions.seats_of(context.db, session.id)]
    assert sorted(found) == sorted([*[Coming.COMING] * 3, Coming.WAITING])


def test_the_first_two_of_all_sign_up_for_one_session(both: Both) -> None:
    at_once(both, "", ("王芳> 报名 车间电压不稳", "何小满> 报名 水压低"))
    with open_context(both[0]) as context:
        (session,) = sessions.everything(context.db)
        assert len(sessions.seats_of(context.db, session.id)) == 2


def test_what_is_said_while_the_evening_is_closed_is_in_it_or_refused(both: Both) -> None:
    before = READY + "[19:30] 王芳> 签到\n值班员小蒋> 决定 2号 去看\n值班员小蒋> 结论 1号 移到下期"
    pair = ("值班员小蒋> 闭会", "冯主任> 记 1号 供电公司 下周五前 增容")
    ((closed, recorded),) = at_once(both, before, pair)
    with open_context(both[0]) as context:
        session = sessions.by_number(context.db, 95)
        assert session is not None
        made = promises.of_session(context.db, session.id)
    assert not closed.is_refused
    assert bool(made) is not recorded.is_refused
