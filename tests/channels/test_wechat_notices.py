"""The window is shut: a template message goes instead, its fields as the platform wants them."""

import asyncio
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
from tests.channels.wechat_site import MONDAY, WeChatSite, seal_delivery, start_site
from tests.delivery import outbox_rows
from tests.peers.fake_platform import Trouble
from tests.peers.fake_wechat import APP_ID, FIELDS, SECRET, FakeWeChat, _fits
from tests.peers.wechat_messages import report, text

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


DONE = "TEMPLATESENDJOBFINISH"
BLOCKED, BROKEN = "failed:user block", "failed: system failed"
REASONS = {BLOCKED: "对方不接收服务通知", BROKEN: "平台说服务通知没有送到"}


def _now(site: WeChatSite) -> int:
    return int(site.clock.now().timestamp())


def _list_undelivered(site: WeChatSite, handle: str) -> list[str]:
    return [words for words in site.list_outbox_texts(handle) if "【未送达】" in words]


async def _report(site: WeChatSite, status: str, number: int = 1, user: str = "o-wang") -> None:
    assert await site.say(report(user, DONE, _now(site), number, status)) == ""
    await site.app.postman.drain()


@pytest.mark.parametrize("status", [BLOCKED, BROKEN])
@pytest.mark.parametrize("words", [SHORT, LONG])
async def test_a_notice_that_failed_later_is_undelivered(
    site: WeChatSite, fake: FakeWeChat, words: str, status: str
) -> None:
    await site.type("zhao", f"反馈 001 {words}")
    await _report(site, status)
    await _report(site, status)  # the platform repeats itself
    for handle in ("zhao", "duty"):
        (told,) = _list_undelivered(site, handle)
        assert REASONS[status] in told
        assert "13900000101" in told
    await site.type("zhao", "进度 001")
    assert "✓ 已送达" not in site.list_outbox_texts("zhao")[-1]
    assert REASONS[status] in site.list_outbox_texts("zhao")[-1]
    assert words in await site.say(text("o-wang", "进度 001", AT))
    await site.app.postman.drain()
    assert len(fake.notices("o-wang")) == 1
    with site.app.database.read() as db:
        assert not outbox_rows.list_waiting(db)


async def test_each_of_two_notices_has_its_own_report(site: WeChatSite) -> None:
    await site.type("zhao", f"反馈 001 {SHORT}")
    await site.type("zhao", "反馈 001 已送电")
    await _report(site, BLOCKED, 2)
    (told,) = _list_undelivered(site, "duty")
    assert "已送电" in told
    await _report(site, BLOCKED, 1)  # in the same second
    assert len(_list_undelivered(site, "duty")) == 2


@pytest.mark.parametrize(
    ("user", "number", "status"),
    [("o-wang", 1, "success"), ("o-wang", 77, BLOCKED), ("o-else", 1, BLOCKED)],
)
async def test_a_good_report_and_one_of_nothing_of_ours_change_nothing(
    site: WeChatSite, user: str, number: int, status: str
) -> None:
    await site.type("zhao", f"反馈 001 {SHORT}")
    before = site.counts()
    await _report(site, status, number, user)
    assert site.counts() == before
    await site.type("zhao", "进度 001")
    assert f"{SHORT} ✓ 已送达" in site.list_outbox_texts("zhao")[-1]


async def test_a_mass_send_s_number_is_no_notice_s(site: WeChatSite) -> None:
    await site.type("zhao", f"反馈 001 {SHORT}")
    failed = report("o-wang", "MASSSENDJOBFINISH", _now(site), 1, "send fail")
    assert await site.say(failed) == ""
    await site.app.postman.drain()
    assert _list_undelivered(site, "duty") == []


async def test_a_report_may_come_before_the_send_is_written_down(
    site: WeChatSite, fake: FakeWeChat
) -> None:
    fake.go_wrong(NOTICE, Trouble(seconds=0.3))
    sending = asyncio.create_task(site.type("zhao", f"反馈 001 {SHORT}"))
    for _ in range(500):
        if fake.calls[NOTICE]:
            break
        await asyncio.sleep(0.01)
    await _report(site, BLOCKED)
    await sending
    assert len(_list_undelivered(site, "duty")) == 1


async def test_what_arrived_since_is_not_undone_by_an_old_report(site: WeChatSite) -> None:
    await site.type("zhao", f"反馈 001 {LONG}")
    assert LONG in await site.say(text("o-wang", "帮助", AT))
    await site.app.postman.drain()
    await _report(site, BLOCKED)
    assert _list_undelivered(site, "duty") == []
    await site.type("zhao", "进度 001")
    assert "✓ 已送达" in site.list_outbox_texts("zhao")[-1]


async def test_who_wrote_before_the_report_came_gets_the_words_at_once(
    site: WeChatSite, fake: FakeWeChat
) -> None:
    await site.type("zhao", f"反馈 001 {SHORT}")
    site.clock.set(site.clock.now() + timedelta(seconds=5))
    await site.say(text("o-wang", "帮助", AT))
    fake.open_window("o-wang")
    await _report(site, BROKEN)
    site.clock.set(site.clock.now() + timedelta(seconds=2))
    await site.app.postman.drain()
    pushed = [message["text"]["content"] for message in fake.sent["o-wang"] if "text" in message]
    assert any(SHORT in words for words in pushed)
    assert _list_undelivered(site, "duty") == []


@pytest.mark.parametrize("number", ["", "1" * 41, "a b"])
async def test_a_report_without_a_name_is_no_report(site: WeChatSite, number: str) -> None:
    bad = report("o-wang", DONE, _now(site), 1, BLOCKED)
    bad = bad.replace("<MsgID><![CDATA[1]]>", f"<MsgID><![CDATA[{number}]]>")
    assert (await site.post(seal_delivery(bad))).status_code == 400


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
