"""Words of the staff go the same way on every channel: shown, held, asked about, never astray."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.telegram.api import Api
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pace import Pace
from storage.issues import issues
from storage.tables.delivery import messages
from tests.channels import telegram_site, wechat_site, wecom_site
from tests.channels.telegram_site import QUICK, FakeTime, TelegramSite
from tests.channels.wechat_site import WeChatSite
from tests.channels.wecom_site import WeComSite
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import FakeWeCom
from tests.peers.telegram_emulator import TOKEN, Emulator
from tests.peers.wechat_messages import text

pytestmark = pytest.mark.anyio
CHANNELS = ("wechat", "wecom", "telegram", "local")
USERS = {"wechat": "o-zhao", "wecom": "ZhaoMin", "telegram": "2002", "local": "zhao"}
FIRM, OTHER = "hengyu", "xinzheng"
BOT = {"id": 700700, "is_bot": True, "first_name": "Bot"}
_keys = count(1)


@dataclass
class Office:
    """One app, and a liaison who writes to it on one of its channels; firms use the phones page."""

    whole: WeChatSite
    weixin: FakeWeChat
    work: WeComSite
    telegram: TelegramSite
    channel: str

    async def say(self, words: str) -> str:
        """What the liaison is told on the channel for words that they type."""
        return await self._hear(SENDERS[self.channel](self, words, ""))

    async def reply_to(self, begins: str, words: str) -> str:
        """What they are told for words that reply to the card that begins so. Where a platform
        does not tell to what somebody replies, people write its number first."""
        if self.channel == "telegram":
            return await self._hear(self.on_telegram(words, begins))
        return await self.say(f"{begins[-3:]} {words}")

    async def _hear(self, said: Awaitable[str]) -> str:
        before = len(self._list_arrived())
        passive = await said
        await self.carry()
        return "\n".join([passive, *self._list_arrived()[before:]])

    async def carry(self) -> None:
        """Whatever is due arrives."""
        await self.whole.app.postman.drain()
        await asyncio.gather(*self.telegram.channel._background)

    async def pass_time(self, **span: int) -> None:
        """Time passes, and with it the seconds for which words are held."""
        await self.whole.app.advance(self.whole.clock.now() + timedelta(**span))
        await self.carry()

    def read_firm(self, handle: str = FIRM) -> str:
        """All that is on its way to a firm or has arrived there."""
        return "\n".join(self.whole.list_outbox_texts(handle))

    def list_moves(self, issue_id: int) -> list[str]:
        """What was done with an issue."""
        with self.whole.app.database.read() as db:
            return [str(event.move) for event in issues.history(db, issue_id)]

    async def on_wechat(self, words: str, _quoted: str) -> str:
        user = USERS["wechat"]
        self.weixin.open_window(user)
        return await self.whole.say(text(user, words, int(self.whole.clock.now().timestamp())))

    async def on_wecom(self, words: str, _quoted: str) -> str:
        await self.work.type(USERS["wecom"], words)
        return ""

    async def on_telegram(self, words: str, quoted: str) -> str:
        user, more = int(USERS["telegram"]), {}
        if quoted:
            screen = self.telegram.emulator.screen(user)
            card = next(bubble for bubble in screen if bubble.text.startswith(quoted))
            seen = self.telegram.message(user, message_id=card.id, text=card.text)
            more = {"reply_to_message": {**seen, "from": BOT}}
        await self.telegram.say(user, words, **more)
        return ""

    async def on_page(self, words: str, _quoted: str) -> str:
        key = f"k{next(_keys)}"
        answer = await self.whole.client.post(
            f"/phones/{USERS['local']}/messages", json={"key": key, "text": words}
        )
        assert answer.status_code == 200, answer.text
        return ""

    def _list_arrived(self) -> list[str]:
        """What the platform holds for the liaison; passive replies of WeChat are not among it."""
        user = USERS[self.channel]
        if self.channel == "wechat":
            return self.weixin.texts(user)
        if self.channel == "wecom":
            return [str(message) for message in self.work.fake.sent.get(user, [])]
        if self.channel == "telegram":
            return self.telegram.texts(int(user))
        return self.whole.list_outbox_texts(user)


SENDERS: dict[str, Callable[[Office, str, str], Awaitable[str]]] = {
    "wechat": Office.on_wechat,
    "wecom": Office.on_wecom,
    "telegram": Office.on_telegram,
    "local": Office.on_page,
}


@asynccontextmanager
async def _open_office(folder: Path, emulator: Emulator, channel: str) -> AsyncIterator[Office]:
    with (
        FakeWeChat() as weixin,
        FakeWeCom(members={USERS["wecom"]}) as qy,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        here = f"http://127.0.0.1:{listening.getsockname()[1]}"
        beside = telegram_site.environment(folder, emulator.base, "polling", here)
        beside |= wecom_site.environment(qy.base)
        beside["EXCHANGE_LIMITS__HOLD_SECONDS"] = "20"
        async with wechat_site.start_site(folder, weixin.base, beside=beside) as whole:
            telegram = await _listen_to_telegram(whole, emulator)
            async with telegram_site._run_listener(telegram):
                if channel != "local":
                    whole.bind(USERS[channel], "zhao", channel)
                    whole.forget("zhao")
                yield Office(whole, weixin, WeComSite(whole, qy), telegram, channel)


async def _listen_to_telegram(whole: WeChatSite, emulator: Emulator) -> TelegramSite:
    channel = whole.app.channels["telegram"]
    assert isinstance(channel, Telegram)
    await channel._api.close()
    channel._api = Api(TOKEN, emulator.base, QUICK)
    time = FakeTime()
    channel._pace, channel._again = Pace(time.now, time.sleep), 0.01
    return TelegramSite(whole.app, channel, whole.clock, emulator, "polling")


@pytest.fixture(params=CHANNELS)
async def office(
    request: pytest.FixtureRequest, tmp_path: Path, emulator: Emulator
) -> AsyncIterator[Office]:
    """A liaison on one channel, to whom a firm has just written and who has accepted."""
    async with _open_office(tmp_path, emulator, request.param) as made:
        await made.say("待办")
        await made.whole.type(FIRM, "车间停电了")
        await made.carry()
        assert "【已受理】YZ-20241014-001" in await made.say("受理 001")
        yield made


async def test_free_words_are_shown_held_and_leave(office: Office) -> None:
    told = await office.say("抢修队 20 分钟到")
    assert "【将发给】恒宇电子有限公司 王芳" in told
    assert "抢修队" not in office.read_firm()
    await office.pass_time(seconds=21)
    assert "抢修队 20 分钟到" in office.read_firm()
    assert "answer" in office.list_moves(1)


async def test_a_nought_keeps_free_words_back(office: Office) -> None:
    await office.say("抢修队 20 分钟到")
    assert "【没有发出】" in await office.say("0")
    await office.pass_time(minutes=2)
    assert "抢修队" not in office.read_firm()
    assert "answer" not in office.list_moves(1)


async def test_a_step_taken_back_keeps_free_words_back(office: Office) -> None:
    await office.say("抢修队 20 分钟到")
    assert "【没有发出】" in await office.say("撤销")
    await office.pass_time(minutes=2)
    assert "抢修队" not in office.read_firm()


@pytest.mark.parametrize(
    "words", ["这个客户比较难搞，先放一放", "我让孙晓岚下午过去看看", "还有哪些"]
)
async def test_after_a_note_words_stay_until_their_writer_says(office: Office, words: str) -> None:
    assert "【内部备注】" in await office.say("备注 001 老刘这人难缠")
    told = await office.say(words)
    assert "【将发给】" not in told
    await office.pass_time(minutes=2)
    assert words not in office.read_firm()
    assert "难缠" not in office.read_firm()


async def test_a_choice_made_after_a_question_goes_at_once(office: Office) -> None:
    told = await office.say("我让孙晓岚下午过去看看")
    assert "发给" in told
    assert "【已发给】恒宇电子有限公司 王芳" in await office.say("1")
    assert "我让孙晓岚下午过去看看" in office.read_firm()


async def test_a_reply_goes_to_the_issue_that_it_replies_to(office: Office) -> None:
    await office.whole.type(OTHER, "门口路灯不亮")
    await office.carry()
    await office.say("受理 002")
    told = await office.reply_to("【已受理】YZ-20241014-001", "抢修班已经出发，20 分钟后到")
    assert "【将发给】恒宇电子有限公司" in told
    await office.pass_time(seconds=21)
    assert "抢修班已经出发" in office.read_firm()
    assert "抢修班" not in office.read_firm(OTHER)


@pytest.mark.parametrize("words", ["师傅修完信征精密就到您那里", "反馈 001 和 13900000102 说好了"])
async def test_words_that_name_another_firm_wait_for_a_digit(office: Office, words: str) -> None:
    told = await office.say(words)
    assert "【还没有发出】" in told
    await office.pass_time(minutes=2)
    said = words.removeprefix("反馈 001 ")
    assert said not in office.read_firm()
    await office.say("1")
    await office.pass_time(minutes=2)
    assert said in office.read_firm()


async def test_every_word_is_kept_with_its_writer(office: Office) -> None:
    said = ["抢修队 20 分钟到", "0", "待会儿再说"]
    for words in said:
        await office.say(words)
    with office.whole.app.database.read() as db:
        kept = [str(words) for words in db.execute(select(messages.c.text)).scalars()]
    assert [words for words in kept if words in said] == said
