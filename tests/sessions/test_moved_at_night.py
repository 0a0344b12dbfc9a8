"""A session that is moved again and again at night: in the morning each hears the net result."""

import asyncio
from collections.abc import Callable

import pytest

from bot import demo
from bot.app import App
from bot.core.messages import Address
from bot.core.sessions.notice_dates import NoticeDate, read_notice_date
from tests.conftest import MONDAY
from tests.dialogues.mailbox import mailbox
from tests.sessions.conftest import open_context
from tests.sessions.test_evening import play_transcript

SIGNED = """
[2024-10-10 周四 15:00] 林知夏> 报名 宿舍楼漏水
"""
TWICE = """
[2024-10-10 周四 22:30] 值班员小蒋> 改到 95 10月15日 19:00
[22:35] 值班员小蒋> 改到 95 10月16日 15:00
[周五 08:05] 值班员小蒋> 主题日
"""
BACK = """
[2024-10-10 周四 22:30] 值班员小蒋> 改到 95 10月15日 19:00
[22:35] 值班员小蒋> 改到 95 10月14日 19:30
[周五 08:05] 值班员小蒋> 主题日
"""
CANCELLED = """
[2024-10-10 周四 22:30] 值班员小蒋> 改到 95 10月15日 19:00
[22:35] 值班员小蒋> 取消本期 95 场地维修
[周五 08:05] 值班员小蒋> 主题日
"""
INVITED = """
[2024-10-10 周四 15:00] 林知夏> 您好
[22:20] 值班员小蒋> 点名 青禾 说说人才公寓
"""
EXTRA = """
[2024-10-10 周四 22:20] 值班员小蒋> 加期 10月17日 15:00 东区片区期
[22:30] 值班员小蒋> 改到 96 10月18日 15:00
[周五 08:05] 值班员小蒋> 主题日
"""


def read_sent(app: App, address: Address) -> list[str]:
    """What reached somebody of sessions' dates, without replies to their own words."""
    kinds = ("session.moved", "session.cancelled", "session.invitation", "session.extra")
    with open_context(app) as context:
        found = mailbox(context.db, address)
    return [parcel.text for parcel in found if parcel.sent_at and parcel.kind in kinds]


def play(app: App, transcript: str) -> None:
    async def whole() -> None:
        await play_transcript(app, transcript)
        await app.stop()

    asyncio.run(whole())


FIRM = Address(demo.CHANNEL, "qinghe")
GROUP = Address(demo.CHANNEL, "group")


@pytest.mark.parametrize(
    ("night", "firm", "group"),
    [
        (SIGNED + TWICE, ["原定 10月14日（周一）19:30\n改到 10月16日（周三）15:00"], 1),
        (SIGNED + BACK, [], 0),
        (SIGNED + CANCELLED, ["第 95 期（10月14日（周一）19:30）不开了"], 1),
        (INVITED + TWICE, ["10月16日（周三）15:00"], 1),
        (INVITED + BACK, ["10月14日（周一）19:30"], 0),
        (INVITED + CANCELLED, ["【请您参加】第 96 期"], 1),
    ],
)
def test_of_a_night_of_moves_each_hears_what_came_of_it(
    make_app: Callable[..., App], night: str, firm: list[str], group: int
) -> None:
    app = make_app()
    play(app, night)
    heard = read_sent(app, FIRM)
    assert len(heard) == len(firm)
    assert all(words in text for words, text in zip(firm, heard, strict=True))
    assert not any("10月15日" in text for text in heard)
    assert len(read_sent(app, GROUP)) == group


def test_the_group_hears_of_one_more_session_with_its_last_date(
    make_app: Callable[..., App],
) -> None:
    app = make_app()
    play(app, EXTRA)
    (told,) = read_sent(app, GROUP)
    assert told.startswith("【加期】第 96 期")
    assert "10月18日（周五）15:00" in told


def test_a_condition_reads_as_it_was_written() -> None:
    for date in (NoticeDate(7, MONDAY), NoticeDate(7, MONDAY, MONDAY.replace(hour=9))):
        assert read_notice_date(date.text) == date
    assert read_notice_date("7:accept 9:solve") is None
