"""Telegram's pace: 30 a second in all, one a second for a chat, 20 a minute for a group."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import count, pairwise

import pytest

from bot.channels.base import Undeliverable
from bot.channels.telegram import pace as telegram_pace
from bot.channels.telegram.pace import Pace

pytestmark = pytest.mark.anyio


class Timeline:
    """A clock that goes on to the next sleeper when everybody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, wait: float) -> None:
        until: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.seconds + wait, next(self._order), until))
        await until

    async def run(self, work: "list[asyncio.Task[None]]") -> None:
        """Let the tasks finish."""
        while not all(task.done() for task in work):
            for _ in range(3):
                await asyncio.sleep(0)
            if self._sleepers:
                self.seconds = max(self.seconds, min(self._sleepers)[0])
            due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self.seconds]
            self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self.seconds]
            for _, _, until in due:
                until.set_result(None)


async def _time_sends(plan: dict[str, int]) -> dict[str, list[float]]:
    """When the messages for these chats leave, all of them wanting to leave at once."""
    timeline = Timeline()
    pace = Pace(timeline.now, timeline.sleep)
    times: dict[str, list[float]] = {chat: [] for chat in plan}

    async def send(chat: str, count: int) -> None:
        for _ in range(count):
            await pace.turn(chat)
            times[chat].append(timeline.now())

    await timeline.run([asyncio.create_task(send(chat, n)) for chat, n in plan.items()])
    return times


async def test_one_chat_hears_once_a_second() -> None:
    times = (await _time_sends({"5": 6}))["5"]
    assert all(later - sooner >= 0.999 for sooner, later in pairwise(times))
    assert times[-1] == pytest.approx(5, abs=0.01)


async def test_all_chats_together_hear_thirty_a_second_and_no_fewer() -> None:
    sent = await _time_sends({str(n): 1 for n in range(300)})
    times = sorted(moment for moments in sent.values() for moment in moments)
    assert all(later - sooner >= 0.998 for sooner, later in zip(times, times[30:], strict=False))
    assert times[-1] == pytest.approx(9, abs=0.1)


async def test_who_asks_first_leaves_first() -> None:
    """Four hundred letters of three messages each: nobody waits longer than all take one turn."""
    timeline = Timeline()
    pace = Pace(timeline.now, timeline.sleep)
    waits: list[float] = []

    async def send(chat: str) -> None:
        for _ in range(3):
            asked = timeline.now()
            await pace.turn(chat)
            waits.append(timeline.now() - asked)

    await timeline.run([asyncio.create_task(send(str(n))) for n in range(400)])
    assert max(waits) <= 400 / 30 + 1


async def test_a_group_hears_twenty_a_minute() -> None:
    times = (await _time_sends({"-5": 45}))["-5"]
    assert all(later - sooner >= 59.9 for sooner, later in zip(times, times[20:], strict=False))
    assert Counter(int(moment // 60) for moment in times) == {0: 20, 1: 20, 2: 5}


async def test_a_slow_chat_holds_up_no_other() -> None:
    sent = await _time_sends({"5": 40, "6": 2})
    assert sent["6"][-1] <= 1.01


async def test_quiet_chats_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_pace, "REMEMBERED", 10)
    timeline = Timeline()
    pace = Pace(timeline.now, timeline.sleep)
    for chat in range(100):
        timeline.seconds += 2
        await pace.turn(str(chat))
    assert len(pace._chats) <= 11


async def test_who_would_wait_too_long_comes_back_one_after_the_other() -> None:
    timeline = Timeline()
    pace = Pace(timeline.now, timeline.sleep)
    for _ in range(20):
        await pace.turn("-5")
        timeline.seconds += 1
    waits = []
    for _ in range(45):
        with pytest.raises(Undeliverable) as outcome:
            await pace.turn("-5", patience=13)
        waits.append(outcome.value.retry_after)
        assert (outcome.value.permanent, outcome.value.counts) == (False, False)
    seconds = [wait.total_seconds() for wait in waits if wait]
    assert seconds[0] == pytest.approx(40)
    assert seconds == sorted(seconds)
    assert all(later - sooner >= 59 for sooner, later in zip(seconds, seconds[20:], strict=False))
    await pace.turn("5", patience=13)  # another chat


async def test_a_chat_that_is_to_be_silent_is_left_alone() -> None:
    timeline = Timeline()
    pace = Pace(timeline.now, timeline.sleep)
    pace.hold("-5", 30)
    with pytest.raises(Undeliverable) as outcome:
        await pace.turn("-5", patience=13)
    assert outcome.value.retry_after == timedelta(seconds=30)
    await pace.turn("-6", patience=13)
    timeline.seconds += 31
    await pace.turn("-5", patience=13)
