"""One person on several apps at once, over the real paths: WeCom, WeChat and the phones page."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.messages import Address
from storage.delivery import threads
from storage.people import codes, people
from tests.channels.wechat_site import MONDAY
from tests.channels.wecom_site import WeComSite, start_site
from tests.peers.fake_platform import Trouble
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import FakeWeCom
from tests.peers.wechat_messages import event, text

pytestmark = pytest.mark.anyio
AT = int(MONDAY.timestamp())
SEND = "message/custom/send"


@pytest.fixture
def fake() -> Iterator[FakeWeCom]:
    """The platform, and two members of the company who see the app."""
    with FakeWeCom(members={"ZhaoMin", "JiangZhi"}) as platform:
        yield platform


@pytest.fixture
def wechat() -> Iterator[FakeWeChat]:
    """Where the enterprises are."""
    with FakeWeChat() as platform:
        for user in ("o-wang", "o-wang-2"):
            platform.open_window(user)
        yield platform


@pytest.fixture
async def site(tmp_path: Path, fake: FakeWeCom, wechat: FakeWeChat) -> AsyncIterator[WeComSite]:
    """王 has two WeChat accounts; 赵 and 值班员 are on WeCom and on the phones page."""
    async with start_site(tmp_path, fake, wechat.base) as made:
        for user in ("o-wang", "o-wang-2"):
            made.whole.bind(user, "hengyu")
        made.whole.bind("ZhaoMin", "zhao", "wecom")
        made.whole.bind("JiangZhi", "duty", "wecom")
        for member in ("ZhaoMin", "JiangZhi"):
            await made.type(member, "帮助")
        yield made


async def file_issue(
    site: WeComSite, user: str = "o-wang", words: str = "车间停电了"
) -> dict[str, Any]:
    """王 files an issue on one of her accounts, some minutes later; 赵's card of it."""
    later(site)
    assert "YZ-20241014-" in await site.whole.say(text(user, words, AT))
    await site.whole.app.postman.drain()
    return site.fake.newest_card("ZhaoMin")


def later(site: WeComSite) -> None:
    """Some minutes pass."""
    site.whole.clock.set(site.whole.clock.now() + timedelta(minutes=3))


async def test_a_card_comes_once_where_they_last_answered(site: WeComSite, fake: FakeWeCom) -> None:
    await file_issue(site)
    assert site.whole.list_outbox_texts("zhao") == []
    later(site)
    await site.whole.type("zhao", "待办")
    before = len(fake.sent["ZhaoMin"])
    await file_issue(site, words="路灯坏了")
    assert len(fake.sent["ZhaoMin"]) == before
    assert "路灯坏了" in site.whole.list_outbox_texts("zhao")[-1]


async def test_what_one_app_does_not_take_comes_on_the_other(
    site: WeComSite, fake: FakeWeCom
) -> None:
    fake.members.discard("ZhaoMin")
    assert "YZ-" in await site.whole.say(text("o-wang", "车间停电了", AT))
    await site.whole.app.postman.drain()
    (told,) = site.whole.list_outbox_texts("zhao")
    assert "【新诉求】YZ-20241014-001" in told
    assert not any("【未送达】" in words for words in site.whole.list_outbox_texts("duty"))
    calls = fake.calls["message/send"]
    await site.whole.say(text("o-wang", "路灯也坏了，请一起看", AT))
    await site.whole.app.postman.drain()
    assert fake.calls["message/send"] == calls, "she is not looked for there any more"


async def test_the_slower_tap_says_who_was_faster_and_when(
    site: WeComSite, fake: FakeWeCom
) -> None:
    card = await file_issue(site)
    await site.whole.type("duty", "受理 001")
    await site.tap("ZhaoMin", card, "受理")
    assert fake.buttons[card["task_id"]] == "已由值班员小蒋受理"
    assert "【已由值班员小蒋受理】YZ-20241014-001" in fake.texts("ZhaoMin")[-1]
    with site.whole.app.database.read() as db:
        done = db.exec_driver_sql("SELECT count(*) FROM issue_events WHERE move = 'accept'")
        assert done.scalar_one() == 1


async def test_an_answer_follows_the_contact_to_their_other_account(
    site: WeComSite, wechat: FakeWeChat
) -> None:
    card = await file_issue(site)
    await site.tap("ZhaoMin", card, "受理")
    assert "【已受理】" in wechat.texts("o-wang")[-1]
    later(site)
    await site.whole.say(text("o-wang-2", "进度 001", AT))
    before = len(wechat.texts("o-wang"))
    await site.type("ZhaoMin", "抢修班已到现场，预计 4 点恢复")
    assert "抢修班已到现场" in wechat.texts("o-wang-2")[-1]
    assert len(wechat.texts("o-wang")) == before


async def test_who_unfollowed_is_called_and_finds_the_words_on_coming_back(
    site: WeComSite, wechat: FakeWeChat
) -> None:
    site.whole.forget("hengyu")
    card = await file_issue(site)
    await site.tap("ZhaoMin", card, "受理")
    with site.whole.app.database.write() as db:
        other = threads.by_address(db, Address("wechat", "o-wang-2"))
        assert other is not None
        threads.change(db, other.id, person_id=None)
    await site.whole.say(event("o-wang", "unsubscribe", AT + 60))
    calls = wechat.calls[SEND]
    await site.type("ZhaoMin", "抢修班已到现场，预计 4 点恢复")
    assert wechat.calls[SEND] == calls, "the platform is not even asked"
    assert any(
        "【未送达】" in str(message) and "13900000101" in str(message)
        for message in site.fake.sent["ZhaoMin"]
    )
    told = await site.whole.say(event("o-wang", "subscribe", AT + 120))
    assert told.index("抢修班已到现场") < told.index("您好")


async def test_a_contact_whose_account_blocks_us_hears_it_on_the_other(
    site: WeComSite, wechat: FakeWeChat
) -> None:
    await site.whole.say(text("o-wang-2", "帮助", AT))
    card = await file_issue(site)
    await site.tap("ZhaoMin", card, "受理")
    wechat.go_wrong(SEND, Trouble(code=43004))
    await site.type("ZhaoMin", "抢修班已到现场，预计 4 点恢复")
    assert "抢修班已到现场" in wechat.texts("o-wang-2")[-1]
    assert not any("【未送达】" in str(message) for message in site.fake.sent["ZhaoMin"])


@pytest.mark.parametrize(
    ("name", "key"), [("subscribe", "qrscene_K7M2QXAB"), ("SCAN", "K7M2QXAB")], ids=["new", "known"]
)
async def test_a_scanned_code_binds(site: WeComSite, name: str, key: str) -> None:
    """The code's scene is the binding code: whoever scans need type nothing."""
    with site.whole.app.database.write() as db:
        firm = people.enterprise_named(db, "恒宇电子有限公司")
        assert firm is not None
        until = site.whole.clock.now() + timedelta(days=1)
        codes.give(db, "K7M2QXAB", until, enterprise_id=firm.id)
    told = await site.whole.say(event("o-new", name, AT, key))
    assert "【已绑定】恒宇电子有限公司" in told
    assert "恒宇电子有限公司" in str(await _notice_of(site, "o-new"))
    again = await site.whole.say(event("o-thief", name, AT + 1, key))
    assert "【没绑上】" in again


async def _notice_of(site: WeComSite, user: str) -> dict[str, Any]:
    return await file_issue(site, user, "空压机房漏水")
