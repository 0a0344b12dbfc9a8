"""The platforms of WeChat and WeCom in trouble, over the whole app: nothing is lost, nothing is
doubled where the platform lets us tell, and nobody is stormed."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.delivery.undelivered import Wait, drop, list_undelivered, retry
from tests.channels.wechat_site import MONDAY
from tests.channels.wecom_site import WeComSite, start_site
from tests.peers.fake_platform import FakePlatform, Trouble
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import FakeWeCom
from tests.peers.wechat_messages import text

pytestmark = pytest.mark.anyio
AT = int(MONDAY.timestamp())
CUSTOM, SEND = "message/custom/send", "message/send"
WORDS = "抢修班已到现场，预计 4 点恢复"


@pytest.fixture
def work() -> Iterator[FakeWeCom]:
    """Where 赵 is."""
    with FakeWeCom(members={"ZhaoMin"}) as platform:
        yield platform


@pytest.fixture
def wechat() -> Iterator[FakeWeChat]:
    """Where 王 is."""
    with FakeWeChat() as platform:
        platform.open_window("o-wang")
        yield platform


@pytest.fixture
async def site(tmp_path: Path, work: FakeWeCom, wechat: FakeWeChat) -> AsyncIterator[WeComSite]:
    """王 has filed an issue on WeChat, 赵 is on WeCom; neither has another phone."""
    async with start_site(tmp_path, work, wechat.base) as made:
        made.whole.bind("o-wang", "hengyu")
        made.whole.bind("ZhaoMin", "zhao", "wecom")
        for handle in ("hengyu", "zhao"):
            made.whole.forget(handle)
        await made.type("ZhaoMin", "帮助")
        await made.whole.say(text("o-wang", "车间停电了", AT))
        await made.whole.app.postman.drain()
        yield made


async def pass_time(site: WeComSite, minutes: int) -> None:
    """Minute by minute, the post carried."""
    for _ in range(minutes):
        site.whole.clock.set(site.whole.clock.now() + timedelta(minutes=1))
        await site.whole.app.postman.drain()


def waits(site: WeComSite) -> list[tuple[Wait, str]]:
    """What `outbox` shows: how each message waits and why."""
    with site.whole.app.database.read() as db:
        found = list_undelivered(db, site.whole.clock.now())
    return [(message.wait, message.error.partition(": ")[0]) for message in found]


PASSING = [
    Trouble(code=40001),
    Trouble(code=42001),
    Trouble(code=-1),
    Trouble(code=45009),
    Trouble(status=429, retry_after="7"),
    Trouble(status=500),
    Trouble(status=503),
]


@pytest.mark.parametrize("trouble", PASSING, ids=lambda one: str(one.code or one.status))
async def test_what_passes_loses_and_doubles_nothing(
    site: WeComSite, wechat: FakeWeChat, work: FakeWeCom, trouble: Trouble
) -> None:
    wechat.go_wrong(CUSTOM, *[trouble] * 3)
    work.go_wrong(SEND, *[trouble] * 3)
    before = wechat.calls[CUSTOM], work.calls[SEND]
    await site.type("ZhaoMin", f"反馈 001 {WORDS}")
    await pass_time(site, 45)
    assert sum(WORDS in sent_text for sent_text in wechat.texts("o-wang")) == 1
    answers = [message for message in work.sent["ZhaoMin"] if "【已发给】" in str(message)]
    assert len(answers) == 1
    assert waits(site) == []
    made = wechat.calls[CUSTOM] - before[0], work.calls[SEND] - before[1]
    assert max(made) <= 8, "three troubles, each with a renewed token, and one that arrives"


@pytest.mark.parametrize("platform", ["wechat", "wecom"])
async def test_a_lasting_refusal_of_the_token_is_no_storm(
    site: WeComSite, wechat: FakeWeChat, work: FakeWeCom, platform: str
) -> None:
    fake: FakePlatform = wechat if platform == "wechat" else work
    path, code = (CUSTOM, 40001) if platform == "wechat" else (SEND, 40014)
    fake.go_wrong(path, *[Trouble(code=code)] * 500)
    await site.type("ZhaoMin", f"反馈 001 {WORDS}")
    calls = sum(fake.calls.values())
    await pass_time(site, 10)
    assert sum(fake.calls.values()) - calls <= 10 * 5, "a try a minute, each with its token"
    assert (Wait.RETRY, "delivery.token") in waits(site)
    fake.troubles.clear()
    await pass_time(site, 15)
    assert waits(site) == []
    assert sum(WORDS in sent_text for sent_text in wechat.texts("o-wang")) == 1


async def test_an_answer_that_hangs_or_is_cut_comes_once_where_that_can_be_told(
    site: WeComSite, wechat: FakeWeChat, work: FakeWeCom
) -> None:
    """WeCom knows a card by its name and equal words by themselves. WeChat's customer message has
    no name: it may come twice, never not at all."""
    for trouble in (Trouble(cut=True), Trouble(status=504)):
        work.go_wrong(SEND, trouble)
        wechat.go_wrong(CUSTOM, trouble)
    await site.type("ZhaoMin", f"反馈 001 {WORDS}")
    await site.type("ZhaoMin", "备注 001")
    await pass_time(site, 10)
    cards = [message for message in work.sent["ZhaoMin"] if "【已发给】" in str(message)]
    assert len(cards) == 1
    assert sum("请写备注" in sent_text for sent_text in work.texts("ZhaoMin")) == 1
    assert 1 <= sum(WORDS in sent_text for sent_text in wechat.texts("o-wang")) <= 2
    assert waits(site) == []


async def test_words_cut_on_their_way_to_wecom_come_once(site: WeComSite, work: FakeWeCom) -> None:
    work.go_wrong(SEND, Trouble(cut=True))
    await site.type("ZhaoMin", "免打扰 关")
    await pass_time(site, 5)
    assert sum("【免打扰】" in sent_text for sent_text in work.texts("ZhaoMin")) == 1
    await site.type("ZhaoMin", "免打扰 关")
    assert sum("【免打扰】" in sent_text for sent_text in work.texts("ZhaoMin")) == 2, (
        "asked again, said again"
    )


@pytest.mark.parametrize("code", [45015, 45047])
async def test_what_is_held_is_shown_and_can_be_sent_or_dropped(
    site: WeComSite, wechat: FakeWeChat, code: int
) -> None:
    wechat.go_wrong(CUSTOM, Trouble(code=code), Trouble(code=code))
    for words in (WORDS, "另外请留人开门"):
        await site.type("ZhaoMin", f"反馈 001 {words}")
    calls = wechat.calls[CUSTOM]
    await pass_time(site, 30)
    assert wechat.calls[CUSTOM] == calls, "nothing is tried until she writes"
    reason = {45015: "delivery.window_shut", 45047: "delivery.window_used_up"}[code]
    assert waits(site) == [(Wait.HELD, reason)] * 2
    with site.whole.app.database.write() as db:
        now = site.whole.clock.now()
        first, second = (message.id for message in list_undelivered(db, now))
        assert retry(db, first, now)
        assert drop(db, second, now, "已电话告知")
    await site.whole.app.postman.drain()
    assert WORDS in wechat.texts("o-wang")[-1]
    assert waits(site) == []


async def test_a_token_that_ends_in_the_middle_is_renewed_once(
    site: WeComSite, wechat: FakeWeChat, work: FakeWeCom
) -> None:
    for fake in (wechat, work):
        fake.end_token()
    before = len(wechat.tokens), len(work.tokens)
    await site.type("ZhaoMin", f"反馈 001 {WORDS}")
    assert WORDS in wechat.texts("o-wang")[-1]
    assert len(wechat.tokens) - before[0] <= 1
    assert len(work.tokens) - before[1] == 1
