"""WeCom's webhook in front of the whole app: one issue over two apps, cards, bad input."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.cards import GOOD_FOR
from bot.web.webhooks.hook import LARGEST_BODY
from storage.media.media import get
from storage.people import codes, people
from tests.channels.wechat_site import MONDAY, stamp
from tests.channels.wecom_site import WORK, WeComSite, seal_delivery, start_site
from tests.peers.envelopes import Envelope, Letter, Node, Wework, echo_query, work_letter
from tests.peers.fake_platform import Trouble
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import CORP_ID, FakeWeCom
from tests.peers.wechat_messages import text

pytestmark = pytest.mark.anyio
AT = int(MONDAY.timestamp())
SEND, UPDATE = "message/send", "message/update_template_card"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
def fake() -> Iterator[FakeWeCom]:
    """The platform, and three members of the company who see the app."""
    with FakeWeCom(members={"ZhaoMin", "QianLi", "WuJun"}) as platform:
        yield platform


@pytest.fixture
def wechat() -> Iterator[FakeWeChat]:
    """Where the enterprises are."""
    with FakeWeChat() as platform:
        platform.open_window("o-wang")
        yield platform


@pytest.fixture
async def site(tmp_path: Path, fake: FakeWeCom, wechat: FakeWeChat) -> AsyncIterator[WeComSite]:
    """The app; 王 is known on WeChat, 赵 has bound herself on WeCom by a code."""
    async with start_site(tmp_path, fake, wechat.base) as made:
        made.whole.bind("o-wang", "hengyu")
        with made.whole.app.database.write() as db:
            (zhao,) = people.list_staff_named(db, "赵敏之")
            codes.give(
                db, "K7M2QXAB", made.whole.clock.now() + timedelta(days=1), person_id=zhao.id
            )
        await made.type("ZhaoMin", "绑定 K7M2QXAB")
        assert "赵敏之" in fake.texts("ZhaoMin")[-1]
        yield made


async def file_issue(site: WeComSite, words: str = "车间停电了") -> dict[str, Any]:
    """王 files an issue on WeChat; 赵's card of it."""
    assert "YZ-20241014-" in await site.whole.say(text("o-wang", words, AT))
    await site.whole.app.postman.drain()
    return site.fake.newest_card("ZhaoMin")


async def test_one_issue_over_two_apps(
    site: WeComSite, fake: FakeWeCom, wechat: FakeWeChat
) -> None:
    card = await file_issue(site)
    assert "YZ-20241014-001" in card["main_title"]["title"] + card["sub_title_text"]
    await site.tap("ZhaoMin", card, "受理")
    assert fake.buttons[card["task_id"]] == "已选：受理"
    assert "【已受理】" in wechat.texts("o-wang")[-1]
    await site.type("ZhaoMin", "抢修班已到现场，预计 4 点恢复")
    assert "抢修班已到现场，预计 4 点恢复" in wechat.texts("o-wang")[-1]
    await site.tap("ZhaoMin", fake.newest_card("ZhaoMin"), "办结")
    await site.type("ZhaoMin", "更换跌落保险，15:40 恢复供电")
    assert "更换跌落保险" in wechat.texts("o-wang")[-1]
    told = await site.whole.say(text("o-wang", "1", AT))
    assert "YZ-20241014-001" in told
    await site.whole.app.postman.drain()
    with site.whole.app.database.read() as db:
        assert db.exec_driver_sql("SELECT status FROM issues").scalar_one() == "confirmed"
    assert not fake.dropped
    assert fake.shortened == 0


async def test_a_button_tapped_twice_acts_once(site: WeComSite, fake: FakeWeCom) -> None:
    card = await file_issue(site)
    await site.tap("ZhaoMin", card, "受理")
    before, sent = _events(site), len(fake.sent["ZhaoMin"])
    await site.tap("ZhaoMin", card, "受理")
    assert (_events(site), len(fake.sent["ZhaoMin"])) == (before, sent)


async def test_ten_taps_at_once_act_once(site: WeComSite, fake: FakeWeCom) -> None:
    card = await file_issue(site)
    before = _events(site)
    await asyncio.gather(*(site.tap("ZhaoMin", card, "受理") for _ in range(10)))
    assert _events(site) == before + 1


async def test_a_used_card_that_cannot_be_changed_is_followed_by_a_fresh_one(
    site: WeComSite, fake: FakeWeCom
) -> None:
    card = await file_issue(site)
    await site.tap("ZhaoMin", card, "受理")
    before = _events(site)
    await site.tap("ZhaoMin", card, "受理", code="used-up")
    fresh = fake.newest_card("ZhaoMin")
    assert fresh["task_id"] != card["task_id"]
    assert {button["text"] for button in fresh["button_list"]} >= {"反馈", "办结"}
    assert _events(site) == before


async def test_a_tap_acts_although_its_card_cannot_be_changed(
    site: WeComSite, fake: FakeWeCom
) -> None:
    card = await file_issue(site)
    fake.go_wrong(UPDATE, Trouble(status=500))
    sent = len(fake.sent["ZhaoMin"])
    await site.tap("ZhaoMin", card, "受理")
    assert len(fake.sent["ZhaoMin"]) == sent + 1  # its answer is the fresh card
    assert fake.newest_card("ZhaoMin")["task_id"] != card["task_id"]
    assert _status(site) == "accepted"


async def test_a_card_too_old_to_act_shows_its_issue_again(
    site: WeComSite, fake: FakeWeCom
) -> None:
    card = await file_issue(site)
    site.whole.clock.set(site.whole.clock.now() + GOOD_FOR)
    await site.tap("ZhaoMin", card, "受理")
    assert _status(site) == "filed"
    assert fake.buttons[card["task_id"]] == "卡片已失效"
    assert fake.newest_card("ZhaoMin")["task_id"] != card["task_id"]


NEVER_SENT = [
    ("QianLi", {}),
    ("ZhaoMin", {"TaskId": "exchange-1-1"}),
    ("ZhaoMin", {"TaskId": "another"}),
    ("ZhaoMin", {"EventKey": "9"}),
    ("ZhaoMin", {"EventKey": "受理 001"}),
]


async def test_a_button_that_was_never_sent_to_this_person_does_nothing(site: WeComSite) -> None:
    card = await file_issue(site)
    counts = site.whole.counts()
    for user, change in NEVER_SENT:
        given = {"TaskId": card["task_id"], "EventKey": "1", "ResponseCode": "c", **change}
        await site.report(user, "event", Event="template_card_event", **given)
        assert site.whole.counts() == counts, (user, change)


async def test_an_issue_that_has_moved_on_is_not_moved_back(
    site: WeComSite, fake: FakeWeCom
) -> None:
    card = await file_issue(site)
    await site.type("ZhaoMin", "受理 001")
    await site.type("ZhaoMin", "办结 001 更换跌落保险，15:40 恢复供电")
    assert _status(site) == "resolved"
    await site.tap("ZhaoMin", card, "受理")
    assert _status(site) == "resolved"


async def test_the_menu_of_the_app_says_commands(site: WeComSite, fake: FakeWeCom) -> None:
    await file_issue(site)
    await site.report("ZhaoMin", "event", Event="click", EventKey="待办")
    shown = fake.sent["ZhaoMin"][-1]
    assert "YZ-20241014-001" in str(shown)


async def test_what_asks_for_nothing_gets_nothing(site: WeComSite) -> None:
    counts = site.whole.counts()
    for event in ("enter_agent", "view", "LOCATION", "change_contact"):
        await site.report("ZhaoMin", "event", Event=event, EventKey="")
        assert site.whole.counts() == counts, event


async def test_a_picture_from_a_member_reaches_the_enterprise(
    site: WeComSite, fake: FakeWeCom, wechat: FakeWeChat
) -> None:
    card = await file_issue(site)
    await site.tap("ZhaoMin", card, "受理")
    fake.media["m-9"] = PNG
    await site.report("ZhaoMin", "image", PicUrl="http://x", MediaId="m-9", MsgId="5")
    await site.whole.app.fetcher.round()
    with site.whole.app.database.read() as db:
        kept = get(db, 1)
    assert site.whole.app.folder.path(kept.path).read_bytes() == PNG
    site.whole.clock.set(site.whole.clock.now() + timedelta(minutes=2))
    await site.whole.app.postman.drain()
    assert wechat.sent["o-wang"][-1]["msgtype"] == "image"
    assert PNG in wechat.media.values()


async def test_one_message_delivered_thrice_is_one(site: WeComSite, fake: FakeWeCom) -> None:
    letter = seal_delivery(site.xml("ZhaoMin", "text", Content="待办", MsgId="77"))
    for _ in range(3):
        assert (await site.post(letter)).status_code == 200
    assert site.whole.counts()["messages"] == 2  # the binding and this


PEERS = [WORK, Node("@wecom/crypto", CORP_ID), Node("wechat-crypto", CORP_ID)]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
async def test_others_seal_what_we_open(site: WeComSite, peer: Envelope) -> None:
    if isinstance(peer, Node) and peer.missing:
        pytest.skip(peer.missing)
    query = echo_query(peer, "4815162342", stamp())
    answer = await site.whole.client.get("/wecom", params=query)
    assert (answer.status_code, answer.content) == (200, b"4815162342")
    counts = site.whole.counts()["messages"]
    xml = site.xml("ZhaoMin", "text", Content="帮助", MsgId="78")
    assert (await site.post(work_letter(peer, xml, stamp()))).status_code == 200
    assert site.whole.counts()["messages"] == counts + 1


def _plain(xml: str) -> Letter:
    good = seal_delivery(xml)
    return Letter(good.query, xml.encode())


def _change_query(**query: str) -> Callable[[str], Letter]:
    def letter(xml: str) -> Letter:
        good = seal_delivery(xml)
        return Letter({**good.query, **query}, good.body)

    return letter


NOT_FROM_THE_PLATFORM: list[tuple[Callable[[str], Letter], int]] = [
    (_plain, 400),
    (_change_query(msg_signature="0" * 40), 403),
    (_change_query(timestamp="1728871200"), 403),
    (_change_query(msg_signature=""), 400),
    (lambda xml: work_letter(WORK, xml, "1728871200"), 403),
    (lambda _xml: seal_delivery("<xml>"), 400),
    (lambda _xml: seal_delivery("<xml><MsgType>text</MsgType></xml>"), 403),
    (lambda xml: seal_delivery(xml.replace(CORP_ID, "ww-another")), 403),
    (lambda xml: seal_delivery(xml.replace("1000002", "1000003")), 403),
    (lambda xml: seal_delivery(xml.replace("MsgId", "Other")), 400),
    (lambda _xml: Letter({}, b"x" * (LARGEST_BODY + 1)), 413),
    (lambda _xml: Letter({}, b""), 400),
]


async def test_what_is_not_from_the_platform_changes_nothing(site: WeComSite) -> None:
    counts = site.whole.counts()
    xml = site.xml("ZhaoMin", "text", Content="待办", MsgId="79")
    for case, (make, status) in enumerate(NOT_FROM_THE_PLATFORM):
        answer = await site.post(make(xml))
        assert (answer.status_code, site.whole.counts()) == (status, counts), case


async def test_a_message_sealed_for_another_company_is_refused(site: WeComSite) -> None:
    xml = site.xml("ZhaoMin", "text", Content="待办", MsgId="80")
    letter = work_letter(Wework("ww-another"), xml, stamp())
    assert (await site.post(letter)).status_code == 400


async def test_a_false_check_of_the_address_is_refused(site: WeComSite) -> None:
    query = echo_query(WORK, "4815162342", stamp())
    for wrong in ({"msg_signature": "0" * 40}, {"echostr": "QUJD"}, {"echostr": ""}):
        answer = await site.whole.client.get("/wecom", params={**query, **wrong})
        assert answer.status_code in (400, 403)
        assert "4815162342" not in answer.text


async def test_a_member_who_cannot_be_reached_is_told_of_aloud(
    site: WeComSite, fake: FakeWeCom
) -> None:
    fake.members.discard("ZhaoMin")
    fake.lenient = True
    site.whole.forget("zhao")  # no other phone of hers
    assert "YZ-" in await site.whole.say(text("o-wang", "车间停电了", AT))
    await site.whole.app.postman.drain()
    (told,) = (words for words in site.whole.list_outbox_texts("duty") if "【未送达】" in words)
    assert "平台上查无此人" in told
    assert "赵敏之" in told


def _events(site: WeComSite) -> int:
    with site.whole.app.database.read() as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM issue_events").scalar_one())


def _status(site: WeComSite) -> str:
    with site.whole.app.database.read() as db:
        return str(db.exec_driver_sql("SELECT status FROM issues").scalar_one())
