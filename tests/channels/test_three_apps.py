"""One issue, three apps: the enterprise on WeChat, its liaison on WeCom, a department on Telegram.

What WeChat and WeCom bring is sealed by the platform's own sample code, WeCom's API is a fake that
an independent client has tried, and Telegram is an emulator that nobody here wrote.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.telegram.api import Api
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pace import Pace
from bot.core.issues.issue import Status
from handlers.issues.collisions import FOR
from storage.issues import issues
from storage.people import codes, people
from storage.tables.delivery import messages, outbox, threads
from storage.tables.issues import events
from tests.channels import telegram_site, wechat_site, wecom_site
from tests.channels.telegram_site import QUICK, FakeTime, TelegramSite
from tests.channels.wechat_site import MONDAY, WeChatSite
from tests.channels.wecom_site import WeComSite
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import FakeWeCom
from tests.peers.telegram_emulator import TOKEN, Emulator
from tests.peers.wechat_messages import text

pytestmark = pytest.mark.anyio
WANG, ZHAO, ZHOU = "o-wang", "ZhaoMin", 2002
NUMBER = "YZ-20241014-001"


@dataclass
class ThreeApps:
    """One bot and the three platforms it speaks to."""

    wechat: WeChatSite
    wecom: WeComSite
    telegram: TelegramSite
    weixin: FakeWeChat
    qy: FakeWeCom

    async def write(self, words: str) -> str:
        """王 writes on WeChat; what she is answered at once. Everybody's post is carried."""
        at = int(self.wechat.clock.now().timestamp())
        self.weixin.open_window(WANG)
        answer = await self.wechat.say(text(WANG, words, at))
        await self.telegram.carry()
        return answer

    async def on_card(self, label: str) -> None:
        """赵 taps a button of her newest card on WeCom."""
        await self.wecom.tap(ZHAO, self.qy.newest_card(ZHAO), label)
        await self.telegram.carry()

    def read_last_push(self) -> str:
        """What 王 was last pushed."""
        return self.weixin.texts(WANG)[-1]

    def read_wecom_texts(self) -> str:
        """All that 赵 was told on WeCom, cards too."""
        return str(self.qy.sent[ZHAO])

    def rows(self, *columns: Any) -> list[tuple[Any, ...]]:
        """Columns of all rows, oldest first."""
        with self.wechat.app.database.read() as db:
            return [
                tuple(row) for row in db.execute(select(*columns).order_by(columns[0].table.c.id))
            ]


@asynccontextmanager
async def start_apps(folder: Path, emulator: Emulator, mode: str) -> AsyncIterator[ThreeApps]:
    """The app, started, hearing all three."""
    with (
        FakeWeChat() as weixin,
        FakeWeCom(members={ZHAO}) as qy,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        here = f"http://127.0.0.1:{listening.getsockname()[1]}"
        beside = telegram_site.environment(folder, emulator.base, mode, here)
        beside |= wecom_site.environment(qy.base)
        async with wechat_site.start_site(folder, weixin.base, beside=beside) as whole:
            telegram = await _on_telegram(whole, emulator, mode)
            served = (
                telegram_site._serve_app(whole.app, listening)
                if mode == "webhook"
                else nullcontext()
            )
            async with served, telegram_site._run_listener(telegram):
                made = ThreeApps(whole, WeComSite(whole, qy), telegram, weixin, qy)
                await _everybody_binds(made)
                yield made


async def _on_telegram(whole: WeChatSite, emulator: Emulator, mode: str) -> TelegramSite:
    channel = whole.app.channels["telegram"]
    assert isinstance(channel, Telegram)
    await channel._api.close()
    channel._api = Api(TOKEN, emulator.base, QUICK)
    time = FakeTime()
    channel._pace, channel._again = Pace(time.now, time.sleep), 0.01
    return TelegramSite(whole.app, channel, whole.clock, emulator, mode)


async def _everybody_binds(made: ThreeApps) -> None:
    until = made.wechat.clock.now() + timedelta(days=1)
    with made.wechat.app.database.write() as db:
        firm = people.enterprise_named(db, "恒宇电子有限公司")
        (zhao,), (zhou,) = (
            people.list_staff_named(db, "赵敏之"),
            people.list_staff_named(db, "周电工"),
        )
        assert firm is not None
        codes.give(db, "A2B3C4D5", until, enterprise_id=firm.id)
        codes.give(db, "K7M2QXAB", until, person_id=zhao.id)
        codes.give(db, "P3R8TWCD", until, person_id=zhou.id)
    assert "【已绑定】恒宇" in await made.write("绑定 A2B3C4D5")
    await made.wecom.type(ZHAO, "绑定 K7M2QXAB")
    await made.telegram.say(ZHOU, "/start P3R8TWCD")
    assert "周电工" in made.telegram.texts(ZHOU)[-1]


@pytest.fixture(params=["polling", "webhook"])
async def apps(
    request: pytest.FixtureRequest, tmp_path: Path, emulator: Emulator
) -> AsyncIterator[ThreeApps]:
    """All three, with Telegram in either way."""
    async with start_apps(tmp_path, emulator, request.param) as made:
        yield made
        assert made.rows(outbox.c.error) == [("",)] * len(made.rows(outbox.c.id))
        assert (made.qy.dropped, made.qy.shortened) == ({}, 0)
    assert emulator.refused == []


async def test_one_conversation_over_three_apps(apps: ThreeApps) -> None:
    receipt = await apps.write("车间停电了")
    assert NUMBER in receipt
    assert "赵敏之" in receipt
    assert "车间停电了" in str(apps.qy.newest_card(ZHAO))

    card = apps.qy.newest_card(ZHAO)
    await apps.on_card("受理")
    assert apps.qy.buttons[card["task_id"]] == "已选：受理"
    assert apps.read_last_push().startswith(f"【已受理】{NUMBER}")
    apps.wechat.clock.set(apps.wechat.clock.now() + FOR * 2)

    await apps.wecom.type(ZHAO, "转办 001 周电工")
    await apps.telegram.carry()
    offered = apps.telegram.card(ZHOU, "接")
    assert "车间停电了" in offered.text
    await apps.telegram.tap(ZHOU, "接")
    assert offered.text.endswith("✓ 接")
    assert apps.telegram.issue().owner_id != apps.telegram.issue().superior_id
    assert "周电工" in apps.read_wecom_texts()

    await apps.telegram.say(ZHOU, "抢修班已到现场，四点前恢复")
    assert apps.read_last_push().endswith("抢修班已到现场，四点前恢复")
    assert "周电工" in apps.read_last_push()
    answer = await apps.write("补充 001 二号车间也停了")
    assert NUMBER in answer
    assert "二号车间也停了" in apps.telegram.texts(ZHOU)[-1]

    await apps.telegram.tap(ZHOU, "办结")
    await apps.telegram.say(ZHOU, "更换了跌落保险，两个车间已恢复供电")
    assert "更换了跌落保险" in apps.read_last_push()
    assert NUMBER in await apps.write("1")
    assert apps.telegram.issue().status is Status.CONFIRMED
    await apps.write("评价 001 5")
    done = apps.telegram.issue()
    assert (done.status, done.stars) == (Status.CLOSED, 5)
    assert NUMBER in apps.telegram.texts(ZHOU)[-1]

    places = threads.c.channel, events.c.thread_id == threads.c.id
    with apps.wechat.app.database.read() as db:
        steps = select(events.c.move, places[0]).outerjoin(threads, places[1]).order_by(events.c.id)
        told = [(str(move), channel) for move, channel in db.execute(steps)]
    assert told == [
        ("file", "wechat"),
        ("accept", "wecom"),
        ("pass_on", "wecom"),
        ("take", "telegram"),
        ("answer", "telegram"),
        ("supplement", "wechat"),
        ("resolve", "telegram"),
        ("confirm", "wechat"),
        ("rate", "wechat"),
        ("close", None),
    ]


async def test_every_word_is_kept_once_and_no_note_crosses(apps: ThreeApps) -> None:
    await apps.write("车间停电了")
    await apps.on_card("受理")
    apps.wechat.clock.set(apps.wechat.clock.now() + FOR * 2)
    await apps.wecom.type(ZHAO, "备注 001 这家上个月欠过电费")
    await apps.wecom.type(ZHAO, "转办 001 周电工")
    await apps.telegram.carry()
    await apps.telegram.tap(ZHOU, "接")
    await apps.telegram.say(ZHOU, "#保险是去年的老型号")
    heard = "".join(apps.weixin.texts(WANG))
    assert "欠过电费" not in heard
    assert "老型号" not in heard
    kept = [words for (words,) in apps.rows(messages.c.text)]
    assert kept.count("备注 001 这家上个月欠过电费") == 1
    assert kept.count("#保险是去年的老型号") == 1


async def test_three_who_act_at_the_same_moment(apps: ThreeApps) -> None:
    """Taps and words from all three apps at once: each counts once, none is lost."""
    await apps.write("车间停电了")
    card = apps.qy.newest_card(ZHAO)
    at = int(MONDAY.timestamp())
    await asyncio.gather(
        apps.wecom.tap(ZHAO, card, "受理"),
        apps.wecom.tap(ZHAO, card, "受理"),
        apps.wechat.say(text(WANG, "补充 001 二号车间也停了", at)),
        apps.telegram.say(ZHOU, "待办"),
    )
    await apps.telegram.carry()
    with apps.wechat.app.database.read() as db:
        moves = sorted(str(event.move) for event in issues.history(db, 1))
    assert moves == ["accept", "file", "supplement"]
