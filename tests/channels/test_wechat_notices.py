"""The window is shut: a template message goes instead, its fields as the platform wants them."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.channels.tencent.http_client import session
from bot.channels.wechat.templates import _fit_words
from bot.channels.window import OPEN_FOR
from bot.settings.templates import FORMS
from tests.channels.wechat_site import MONDAY, WeChatSite, start_site
from tests.peers.fake_platform import Trouble
from tests.peers.fake_wechat import APP_ID, FIELDS, SECRET, FakeWeChat, _fits
from tests.peers.wechat_messages import text

pytestmark = pytest.mark.anyio
AT = int(MONDAY.timestamp())
SEND, NOTICE = "message/custom/send", "message/template/send"
NEWS = '{ id = "T-news", fields = { character_string1 = "{number}", thing2 = "{text}", '
NEWS += 'phrase3 = "{status}", time4 = "{due}", phone_number5 = "{phone}" } }'
RESULT = '{ id = "T-result", fields = { thing1 = "{text}" } }'
LONG = "抢修班已到现场，跌落保险烧断，正在换新的，预计四点恢复"
SHORT = "抢修班 20 分钟后到"


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    """The platform, with two templates of the account."""
    with FakeWeChat() as platform:
        platform.templates = {
            "T-news": {"character_string1", "thing2", "phrase3", "time4", "phone_number5"},
            "T-result": {"thing1"},
        }
        yield platform


@pytest.fixture
async def site(tmp_path: Path, fake: FakeWeChat) -> AsyncIterator[WeChatSite]:
    """王 filed an issue on WeChat, which was accepted; then two days passed."""
    templates = f"{{ news = {NEWS}, result = {RESULT} }}"
    async with start_site(tmp_path, fake.base, TEMPLATES=templates) as made:
        made.bind("o-wang", "hengyu")
        made.forget("hengyu")
        await made.say(text("o-wang", "车间停电了", AT))
        fake.open_window("o-wang")
        await made.type("zhao", "受理 001")
        made.clock.set(made.clock.now() + OPEN_FOR + timedelta(minutes=1))
        yield made


async def test_a_short_answer_arrives_whole(site: WeChatSite, fake: FakeWeChat) -> None:
    await site.type("zhao", f"反馈 001 {SHORT}")
    assert fake.notices("o-wang") == [
        {
            "character_string1": "YZ-20241014-001",
            "thing2": SHORT,
            "phrase3": "办理中",
            "time4": "2024年10月16日 10:00",
            "phone_number5": "13900000001",
        }
    ]
    await site.type("zhao", "进度 001")
    assert f"{SHORT} ✓ 已送达" in site.list_outbox_texts("zhao")[-1]
    assert "✓" not in await site.say(text("o-wang", "进度 001", AT))


async def test_a_long_answer_is_noticed_and_waits_whole(site: WeChatSite, fake: FakeWeChat) -> None:
    await site.type("zhao", f"反馈 001 {LONG}")
    (notice,) = fake.notices("o-wang")
    assert notice["thing2"] == LONG[:19] + "…"
    assert not any(
        "【未送达】" in words
        for words in (*site.list_outbox_texts("zhao"), *site.list_outbox_texts("duty"))
    )
    await site.type("zhao", "进度 001")
    assert "已发服务通知，全文等对方来消息" in site.list_outbox_texts("zhao")[-1]
    told = await site.say(text("o-wang", "路灯坏了", AT))
    assert told.index(LONG) < told.index("【已收到】YZ-20241016-001")
    assert len(fake.notices("o-wang")) == 1


async def test_who_declined_is_called(site: WeChatSite, fake: FakeWeChat) -> None:
    fake.declines("o-wang")
    await site.type("zhao", f"反馈 001 {SHORT}")
    for handle in ("zhao", "duty"):
        (told,) = (words for words in site.list_outbox_texts(handle) if "【未送达】" in words)
        assert "对方不接收服务通知" in told
        assert "13900000101" in told
    assert SHORT in await site.say(text("o-wang", "进度 001", AT))


async def test_a_kind_without_a_template_waits_as_before(
    site: WeChatSite, fake: FakeWeChat
) -> None:
    fake.templates.clear()  # and what the platform calls wrong waits too
    await site.type("zhao", f"反馈 001 {SHORT}")
    assert fake.notices("o-wang") == []
    assert any("对方 48 小时内没有来过消息" in words for words in site.list_outbox_texts("zhao"))
    assert SHORT in await site.say(text("o-wang", "进度 001", AT))


async def test_a_lost_answer_is_not_doubled(site: WeChatSite, fake: FakeWeChat) -> None:
    fake.go_wrong(NOTICE, Trouble(cut=True), Trouble(status=502), Trouble(code=-1))
    await site.type("zhao", f"反馈 001 {SHORT}")
    for _ in range(4):
        site.clock.set(site.clock.now() + timedelta(minutes=1))
        await site.app.postman.drain()
    assert len(fake.notices("o-wang")) == 1
    assert fake.calls[NOTICE] == 4
    await site.type("zhao", "进度 001")
    assert "✓ 已送达" in site.list_outbox_texts("zhao")[-1]


async def test_the_platform_s_own_word_for_shut_is_taken(
    site: WeChatSite, fake: FakeWeChat
) -> None:
    await site.say(text("o-wang", "帮助", AT))  # we believe the window is open
    for code in (45015, 45047):
        fake.go_wrong(SEND, Trouble(code=code))
        await site.type("zhao", f"反馈 001 {SHORT}{code}")
    assert [notice["thing2"] for notice in fake.notices("o-wang")] == [
        f"{SHORT}45015",
        f"{SHORT}45047",
    ]


WORDS = [
    "",
    "无",
    "Ann Lee",
    "王" * 40,
    "YZ-20241014-001",
    "0731-5550000 转 8",
    "  一\n二\t三 ",
    "😀" * 30,
]


@pytest.mark.parametrize("kind", sorted(set(FORMS) - {"time", "date"}))
@pytest.mark.parametrize("words", WORDS)
def test_whatever_is_filled_in_fits_or_is_left_out(kind: str, words: str) -> None:
    fitted = _fit_words(kind, words)
    assert fitted == "" or _fits(f"{kind}1", fitted) or kind == "name"
    assert len(fitted) <= 32


def test_a_client_of_others_finds_the_fake_as_it_expects(fake: FakeWeChat) -> None:
    """wechatpy's own call, which the bot does not use."""
    client = WeChatClient(APP_ID, SECRET, auto_retry=False)
    client._http = session(fake.base)
    client.session.set(f"{APP_ID}_access_token", fake.stable_token(ASK)["access_token"], 7200)
    good = {"thing1": {"value": "已恢复供电"}}
    client.message.send_template("o-wang", "T-result", good)
    assert fake.notices("o-wang") == [{"thing1": "已恢复供电"}]
    for template, data, code in (
        ("T-none", good, 40037),
        ("T-result", {"thing1": {"value": "一" * 21}}, 47003),
        ("T-result", {}, 47003),
    ):
        with pytest.raises(WeChatClientException) as told:
            client.message.send_template("o-wang", template, data)
        assert told.value.errcode == code
    assert set(FIELDS) == set(FORMS)


ASK = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}
