"""Whatever an entrepreneur sends is answered, on every channel; no name of a thing is an order."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Bot

from bot.channels.telegram.incoming import parse_update
from bot.core.issues.issue import Status
from bot.core.messages import Address, Content, Incoming, Kind, Media
from storage.issues import issues
from storage.tables.delivery import outbox, threads
from tests.channels.telegram_site import person
from tests.channels.wechat_site import MONDAY
from tests.channels.wecom_site import WeComSite, start_site
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import FakeWeCom
from tests.peers.telegram_emulator import TOKEN
from tests.peers.wechat_messages import event, message, text

pytestmark = pytest.mark.anyio
AT = int(MONDAY.timestamp())
NUMBER = "YZ-20241014-001"
UNSUPPORTED = "[收到不支持的消息类型，暂无法显示]"
ORDERS = [f"撤回 {NUMBER}", "帮助", "撤销", "我的诉求", "1", "绑定 K7M2QXAB", f"评价 {NUMBER} 1"]
ACTED = ("【已撤回】", "【帮助】", "【在办】", "【没绑上】", "【已撤销】", "【没看懂】", "【抱歉】")
_ids = count(1)
File = dict[str, Any]
FILE: File = {"file_id": "f1", "file_unique_id": "f"}
SIZE = {"width": 1, "height": 1}
FORWARDED = {"type": "hidden_user", "date": AT, "sender_user_name": "陈芳"}


@dataclass
class Town:
    """One app that hears four channels; 王 of 恒宇 is on each of them."""

    work: WeComSite

    async def send(self, channel: str, fields: dict[str, Any]) -> list[str]:
        """One delivery of 王, and what was said to her since."""
        user, before = USERS[channel], len(self.list_answers(channel))
        await SENDERS[channel](self, user, fields)
        return self.list_answers(channel)[before:]

    def list_answers(self, channel: str) -> list[str]:
        """What was said to 王 on this channel."""
        with self.work.whole.app.database.read() as db:
            rows = (
                select(outbox.c.text)
                .join(threads, threads.c.id == outbox.c.thread_id)
                .where(threads.c.channel == channel, threads.c.address == USERS[channel])
                .order_by(outbox.c.id)
            )
            return list(db.execute(rows).scalars())

    async def wechat(self, user: str, fields: dict[str, Any]) -> None:
        """As WeChat reports it."""
        given = dict(fields)
        await self.work.whole.say(message(user, given.pop("MsgType"), AT + next(_ids), **given))

    async def wecom(self, user: str, fields: dict[str, Any]) -> None:
        """As WeCom reports it."""
        given = {"MsgId": str(next(_ids)), **fields}
        await self.work.report(user, given.pop("MsgType"), **given)

    async def telegram(self, user: str, fields: dict[str, Any]) -> None:
        """As Telegram reports it."""
        chat = {"id": int(user), "type": "private", "first_name": "S"}
        said = {"message_id": next(_ids), "date": AT, "chat": chat, "from": person(int(user))}
        update = {"update_id": next(_ids), "message": {**said, **fields}}
        heard = parse_update(update, Bot(TOKEN), "700700", {"help": "帮助"})
        assert isinstance(heard, Incoming)
        await self.work.whole.app.runner.hear(heard)

    async def local(self, user: str, fields: dict[str, Any]) -> None:
        """As the phones page reports it."""
        now = self.work.whole.clock.now()
        content, key = Content(**fields), f"local:{user}:{next(_ids)}"
        await self.work.whole.app.runner.hear(Incoming(key, Address("local", user), content, now))


USERS = {"wechat": "o-wang", "wecom": "WangFang", "telegram": "1001", "local": "hengyu"}
SENDERS: dict[str, Callable[[Town, str, dict[str, Any]], Awaitable[None]]] = {
    "wechat": Town.wechat,
    "wecom": Town.wecom,
    "telegram": Town.telegram,
    "local": Town.local,
}


def _tencent(name: str) -> dict[str, dict[str, Any]]:
    return {
        "file": {"MsgType": "file", "Title": name, "FileKey": "k"},
        "link": {"MsgType": "link", "Title": name, "Url": "https://example.com"},
        "place": {"MsgType": "location", "Location_X": "1", "Location_Y": "2", "Label": name},
        "card": {"MsgType": "miniprogrampage", "Title": name, "AppId": "wx0", "PagePath": "p"},
    }


def _telegram(name: str) -> dict[str, dict[str, Any]]:
    place = {"latitude": 28.2, "longitude": 112.9}
    paper = {**FILE, "file_name": name, "mime_type": "application/pdf"}
    venue = {"location": place, "title": name, "address": ""}
    return {
        "file": {"document": paper},
        "place": {"venue": venue, "location": place},
        "card": {"contact": {"first_name": name, "phone_number": "100"}},
        "forward": {"text": name, "forward_origin": FORWARDED},
        "paper_passed_on": {"document": paper, "caption": name, "forward_origin": FORWARDED},
    }


def _local(name: str) -> dict[str, dict[str, Any]]:
    kinds = (Kind.FILE, Kind.LINK, Kind.LOCATION, Kind.CARD, Kind.FORWARD)
    return {kind.value: {"kind": kind, "name": name} for kind in kinds}


NAMED = {"wechat": _tencent, "wecom": _tencent, "telegram": _telegram, "local": _local}
_TENCENT = {
    **_tencent("设备清单.pdf"),
    "image": {"MsgType": "image", "MediaId": "m1", "PicUrl": "http://x"},
    "voice": {"MsgType": "voice", "MediaId": "m1", "Format": "amr"},
    "video": {"MsgType": "video", "MediaId": "m1", "ThumbMediaId": "t"},
    "text": {"MsgType": "text", "Content": "车间停电了"},
    "instead": {"MsgType": "text", "Content": UNSUPPORTED},
    "unknown": {"MsgType": "hologram"},
}
KINDS: dict[str, dict[str, dict[str, Any]]] = {
    "wechat": _TENCENT,
    "wecom": _TENCENT,
    "telegram": {
        **_telegram("设备清单.pdf"),
        "image": {"photo": [{**FILE, **SIZE}]},
        "voice": {"voice": {**FILE, "duration": 1}},
        "video": {"video": {**FILE, **SIZE, "duration": 1}},
        "text": {"text": "车间停电了"},
        "instead": {"text": UNSUPPORTED},
        "sticker": {
            "sticker": {**FILE, **SIZE, "type": "regular", "is_animated": False, "is_video": False}
        },
        "unknown": {"dice": {"emoji": "🎲", "value": 3}},
    },
    "local": {
        **{
            kind.value: {"kind": kind}
            for kind in Kind
            if kind not in (Kind.TEXT, Kind.EVENT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO)
        },
        **{
            kind.value: {"kind": kind, "media": Media(path=f"{kind}.bin", mime="image/png")}
            for kind in (Kind.IMAGE, Kind.VOICE, Kind.VIDEO)
        },
        "text": {"kind": Kind.TEXT, "text": "车间停电了"},
        "instead": {"kind": Kind.TEXT, "text": UNSUPPORTED},
    },
}
UNREADABLE = {"instead", "sticker", "unknown", "other"}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """王 is bound on each channel."""
    with FakeWeChat() as wechat, FakeWeCom(members={USERS["wecom"]}) as fake:
        async with start_site(tmp_path, fake, wechat.base) as work:
            for channel in ("wechat", "wecom", "telegram"):
                work.whole.bind(USERS[channel], "hengyu", channel)
            yield Town(work)


@pytest.mark.parametrize(
    ("channel", "kind"), [(channel, kind) for channel in KINDS for kind in KINDS[channel]]
)
async def test_each_kind_is_answered(town: Town, channel: str, kind: str) -> None:
    answers = await town.send(channel, KINDS[channel][kind])
    assert answers, "silence"
    assert not answers[0].startswith("【没")
    filed = town.work.whole.counts()["issues"]
    assert filed == (0 if kind in UNREADABLE else 1)
    assert ("收不了" in answers[0] or "贴图" in answers[0]) == (kind in UNREADABLE)


@pytest.mark.parametrize("channel", NAMED)
async def test_no_name_of_a_thing_is_an_order(town: Town, channel: str) -> None:
    await town.send(channel, KINDS[channel]["text"])
    for order in ORDERS:
        for kind, fields in NAMED[channel](order).items():
            answers = await town.send(channel, fields)
            acted = (
                "【已撤回】",
                "【帮助】",
                "【在办】",
                "【没绑上】",
                "【已撤销】",
                "【没看懂】",
                "【抱歉】",
            )
            assert not [words for words in answers if words.startswith(acted)], (kind, order)
    with town.work.whole.app.database.read() as db:
        assert issues.get(db, 1).status is Status.FILED


@pytest.mark.parametrize("channel", ["wechat", "telegram"])
async def test_a_file_is_an_issue_by_its_name(town: Town, channel: str) -> None:
    await town.send(channel, NAMED[channel]("三号车间漏水照片.pdf")["file"])
    with town.work.whole.app.database.read() as db:
        assert "三号车间漏水照片" in issues.get(db, 1).title


async def test_a_file_whose_content_never_comes_is_said_to_be_so(town: Town) -> None:
    answers = await town.send("wechat", KINDS["wechat"]["file"])
    assert "打不开" in "\n".join(answers)
    town.work.whole.clock.set(
        town.work.whole.clock.now() + town.work.whole.app.park.limits.burst * 2
    )
    answers = await town.send("telegram", KINDS["telegram"]["file"])
    assert "打不开" not in "\n".join(answers)


@pytest.mark.parametrize(
    "key",
    ["last_trade_no_4008072001201701105817415015", "qrscene_park_open_day_2026", "qrscene_10086"],
)
async def test_a_follow_with_somebody_elses_key_is_a_plain_follow(town: Town, key: str) -> None:
    told = await town.work.whole.say(event("o-new", "subscribe", AT, key))
    assert "隐私告知" in told
    assert "没绑上" not in told


async def test_two_people_may_have_the_same_message_id(town: Town) -> None:
    say = town.work.whole.say
    first = await say(text("o-u1", "我们厂门口积水很深", AT, number=777))
    second = await say(text("o-u2", "食堂饭菜有异物", AT, number=777))
    assert town.work.whole.counts()["issues"] == 2
    assert NUMBER in first
    assert NUMBER not in second
    assert await say(text("o-u1", "我们厂门口积水很深", AT, number=777)) == first
