"""Whole turns: which words of somebody unbound become an issue, which are asked about, which are
answered; with near misses side by side."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.core.messages import Address, Content, Incoming, Kind
from storage.tables.issues import issues
from storage.tables.talk import matter_questions

CHATTER = (
    *("各位早", "多谢多谢", "好嘞收到", "在线吗", "[微笑][微笑]", "/:handclap", "🌹🌹", "测试一下"),
    *("我们归谁管", "下期主题日在哪开", "怎么用你们这个", "转人工服务", "按错了，不好意思"),
)
MATTERS = (
    *("您好，一号门的道闸坏了", "谢谢上次帮忙，这次是食堂停气了", "早上好，三号路积水"),
    *("你好，车间停水了", "发票抬头开错了，财务入不了账", "119 的消防通道被车堵死了"),
)
UNCLEAR = ("改革开放以后就没修过这条路", "工资表做错了")


@pytest.mark.parametrize(
    ("said", "filed", "asked"),
    [
        *((words, 0, 0) for words in CHATTER),
        *((words, 1, 0) for words in MATTERS),
        *((words, 0, 1) for words in UNCLEAR),
    ],
)
def test_only_matters_become_issues(
    make_app: Callable[..., App], said: str, filed: int, asked: int
) -> None:
    app = make_app()

    async def play() -> tuple[int, int, int]:
        await app.start()
        try:
            told = Content(Kind.TEXT, said)
            heard = Incoming("talk:1", Address("local", "someone"), told, app.clock.now(), True)
            done = await app.runner.hear(heard)
            assert done.fault is None
            with app.database.read() as db:
                found = [
                    int(db.execute(select(func.count()).select_from(table)).scalar_one())
                    for table in (issues, matter_questions)
                ]
            return len(done.replies), found[0], found[1]
        finally:
            await app.stop()

    replies, made, questions = asyncio.run(play())
    assert replies >= 1, "every message is answered"
    assert (made, questions) == (filed, asked)
