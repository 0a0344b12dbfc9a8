"""A firm that has left the park gets no seat at a session; what it writes is kept all the same."""

import asyncio

from sqlalchemy import update

from bot.app import App
from bot.core.people import Residence
from storage.people import people
from storage.sessions import sessions
from storage.tables.people import enterprises
from tests.dialogues.player import Player

TALK = """
[2024-10-14 周一 10:00] 王芳> 报名 班车不够
王芳< 【没占上座】恒宇电子有限公司 登记为迁出，不再安排席位
王芳< YZ-20241014-001
[10:05] 值班员小蒋> 点名 恒宇 说说用电
值班员小蒋< 【没点名】恒宇电子有限公司 登记为迁出
[10:10] 王芳> 报名
王芳< 【没占上座】
[10:15] 赵敏之> 进度 001
赵敏之< 班车不够
"""


def test_a_firm_that_is_gone_has_no_seat_and_its_words_are_kept(app: App) -> None:
    async def play() -> None:
        await app.start()
        with app.database.write() as db:
            firm = people.enterprise_named(db, "恒宇电子有限公司")
            assert firm is not None
            gone = update(enterprises).where(enterprises.c.id == firm.id)
            db.execute(gone.values(residence=Residence.MOVED))
        await Player(app).play(TALK, "gone")
        await app.stop()

    asyncio.run(play())
    with app.database.read() as db:
        session = sessions.by_number(db, 95)
        assert session is None or sessions.seats_of(db, session.id) == []
