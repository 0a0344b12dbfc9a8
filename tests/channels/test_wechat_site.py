"""WeChat's webhook in front of the whole app: answers, repeats, bad input, trouble."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wechat.channel import WeChat
from bot.core.messages import Address
from bot.runtime.runner import SLOT
from bot.web.webhooks.wechat import WeChatHook
from storage.delivery import outbox, threads
from storage.delivery.threads import Thread
from storage.media.media import claim_waiting, get
from tests.channels.wechat_site import MONDAY, WEWORK, WeChatSite, seal_delivery, stamp, start_site
from tests.peers.envelopes import (
    Envelope,
    Node,
    open_answer,
    plain_letter,
    seal_letter,
)
from tests.peers.fake_wechat import FakeWeChat, Trouble
from tests.peers.wechat_messages import ACCOUNT, event, message, text

pytestmark = pytest.mark.anyio
AT = int(MONDAY.timestamp())
SEND = "message/custom/send"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    """The platform."""
    with FakeWeChat() as platform:
        yield platform


@pytest.fixture
async def site(tmp_path: Path, fake: FakeWeChat) -> AsyncIterator[WeChatSite]:
    """The app in safe mode."""
    async with start_site(tmp_path, fake.base) as made:
        yield made


@pytest.mark.parametrize(
    "peer", [WEWORK, Node("@wecom/crypto"), Node("wechat-crypto")], ids=lambda peer: peer.name
)
async def test_a_sentence_becomes_a_numbered_issue(site: WeChatSite, peer: Envelope) -> None:
    if isinstance(peer, Node) and peer.missing:
        pytest.skip(peer.missing)
    site.bind("o-wang", "hengyu")
    answer = await site.post(seal_letter(peer, text("o-wang", "车间停电了", AT), stamp()))
    fields = open_answer(peer, answer.content)
    assert "YZ-20241014-001" in fields["Content"]
    assert (fields["FromUserName"], fields["ToUserName"]) == (ACCOUNT, "o-wang")
    assert (fields["MsgType"], fields["CreateTime"]) == ("text", str(AT))
    (notice,) = site.list_outbox_texts("zhao")
    assert "YZ-20241014-001" in notice
    assert "车间停电了" in notice


async def test_plain_mode_does_the_same(tmp_path: Path, fake: FakeWeChat) -> None:
    async with start_site(tmp_path, fake.base, safe=False) as site:
        answer = await site.post(plain_letter(text("o-wang", "车间停电了", AT), stamp()))
    assert b"YZ-20241014-001" in answer.content


async def test_the_same_bytes_get_the_same_answer(site: WeChatSite, fake: FakeWeChat) -> None:
    letter = seal_delivery(text("o-wang", "车间停电了", AT))
    first = open_answer(WEWORK, (await site.post(letter)).content)
    counts = site.counts()
    await site.app.postman.drain()
    again = open_answer(WEWORK, (await site.post(letter)).content)
    assert again == first
    assert site.counts() == counts
    await site.app.postman.drain()
    assert fake.calls[SEND] == 0  # what the passive reply carried is not pushed too


async def test_ten_copies_at_once_are_one_issue(site: WeChatSite) -> None:
    letter = seal_delivery(text("o-wang", "车间停电了", AT))
    answers = await asyncio.gather(*(site.post(letter) for _ in range(10)))
    told = [open_answer(WEWORK, answer.content) for answer in answers]
    assert told == told[:1] * 10
    assert site.counts()["issues"] == 1


async def test_one_message_sealed_anew_is_still_one(site: WeChatSite) -> None:
    xml = text("o-wang", "车间停电了", AT, 99)
    assert await site.say(xml) == await site.say(xml)
    assert site.counts()["issues"] == 1


async def test_the_platform_s_check_of_the_address(site: WeChatSite) -> None:
    query = {**plain_letter("", stamp()).query, "echostr": "<b>5432</b>"}
    answer = await site.client.get("/wechat", params=query)
    assert (answer.status_code, answer.text) == (200, "<b>5432</b>")
    assert answer.headers["content-type"].startswith("text/plain")
    answer = await site.client.get("/wechat", params={**query, "signature": "0" * 40})
    assert (answer.status_code, "5432" in answer.text) == (403, False)


WORDS = [
    "停电 ]]> <Content>inject</Content> <![CDATA[",
    "停电 &lt; &amp; <b> \\ \" '",
    "停电 😀 👨‍👩‍👧 嬙 \u202e",
    "停" * 600,
]


@pytest.mark.parametrize("words", WORDS)
async def test_odd_words_come_through_whole(site: WeChatSite, words: str) -> None:
    assert "YZ-20241014-001" in await site.say(text("o-wang", words, AT))
    with site.app.database.read() as db:
        kept = db.exec_driver_sql("SELECT text FROM messages").scalar_one()
    assert kept == words


async def test_control_characters_in_words_are_dropped(site: WeChatSite) -> None:
    xml = text("o-wang", "停\x08电\x00了\x1f", AT)
    assert "YZ-20241014-001" in await site.say(xml)
    with site.app.database.read() as db:
        assert db.exec_driver_sql("SELECT text FROM messages").scalar_one() == "停电了"


GOOD = text("o-wang", "车间停电了", AT)


async def test_a_message_for_another_account(tmp_path: Path, fake: FakeWeChat) -> None:
    async with start_site(tmp_path, fake.base, ACCOUNT="gh_another") as site:
        answer = await site.post(seal_delivery(GOOD))
        assert (answer.status_code, site.counts()["messages"]) == (403, 0)


async def test_what_does_not_fit_is_pushed_in_its_order(site: WeChatSite, fake: FakeWeChat) -> None:
    fake.open_window("o-wang")
    site.bind("o-wang", "hengyu")
    with site.app.database.write() as db:
        common = {
            "thread_id": _thread(site).id,
            "kind": "notice.new",
            "because": "test",
            "options": None,
        }
        moments = {"created_at": site.clock.now(), "not_before": site.clock.now()}
        rows = [{**common, **moments, "text": f"第{n}件" + "啊" * 400} for n in range(3)]
        outbox.add(
            db, [{**row, "media_id": None, "issue_id": None, "options": None} for row in rows]
        )
    told = await site.say(GOOD)
    assert "第0件" in told
    assert "第1件" not in told
    await site.app.postman.drain()
    pushed = "".join(fake.texts("o-wang"))
    order = [pushed.index(word) for word in ("第1件", "第2件", "YZ-20241014-001")]
    assert order == sorted(order)
    assert all(len(piece.encode()) <= 2048 for piece in [told, *fake.texts("o-wang")])


async def test_an_answer_that_is_late_is_pushed(site: WeChatSite, fake: FakeWeChat) -> None:
    fake.open_window("o-wang")
    busy = threading.Event()
    site.app.writer.submit(lambda _db: busy.wait(10))
    _patience(site, in_time=0.05, silence=0)
    letter = seal_delivery(GOOD)
    assert (await site.post(letter)).status_code == 503
    busy.set()
    await _until(lambda: site.counts()["issues"] == 1)
    site.clock.set(site.clock.now() + SLOT)
    await site.app.postman.drain()
    (told,) = fake.texts("o-wang")
    assert "YZ-20241014-001" in told
    # The platform delivers it once more: what was pushed is not said again.
    assert (await site.post(letter)).text == "success"


async def test_an_answer_that_is_late_goes_with_the_repeat(
    site: WeChatSite, fake: FakeWeChat
) -> None:
    busy = threading.Event()
    site.app.writer.submit(lambda _db: busy.wait(10))
    _patience(site, in_time=0.05, silence=0)
    letter = seal_delivery(GOOD)
    first, second = await asyncio.gather(site.post(letter), site.post(letter))
    assert (first.status_code, second.status_code) == (503, 503)
    busy.set()
    await _until(lambda: site.counts()["issues"] == 1)
    site.clock.set(site.clock.now() + SLOT)
    assert "YZ-20241014-001" in open_answer(WEWORK, (await site.post(letter)).content)["Content"]
    await site.app.postman.drain()
    assert fake.calls[SEND] == 0
    assert site.counts()["issues"] == 1


async def test_what_was_never_written_never_looked_taken(site: WeChatSite) -> None:
    """The process dies while a message waits to be written: nothing said it was taken, so the
    platform brings it again to whoever runs then."""
    _patience(site, in_time=0, silence=0)
    whole = site.app.runner
    site.app.runner = _Broken(99, whole)  # type: ignore[assignment]
    letter = seal_delivery(GOOD)
    assert (await site.post(letter)).status_code == 503
    assert site.counts()["messages"] == 0
    site.app.runner = whole
    _patience(site)
    assert "YZ-20241014-001" in open_answer(WEWORK, (await site.post(letter)).content)["Content"]


async def test_a_message_that_cannot_be_written_is_not_taken(site: WeChatSite) -> None:
    broken = site.app.runner = _Broken(1, site.app.runner)  # type: ignore[assignment]
    broken.gate.set()
    letter = seal_delivery(GOOD)
    assert (await site.post(letter)).status_code == 503
    assert "YZ-20241014-001" in open_answer(WEWORK, (await site.post(letter)).content)["Content"]


async def test_a_message_that_is_late_is_tried_until_written(site: WeChatSite) -> None:
    _patience(site, in_time=0, again=0, silence=0)
    broken = site.app.runner = _Broken(3, site.app.runner)  # type: ignore[assignment]
    assert (await site.post(seal_delivery(GOOD))).status_code == 503
    broken.gate.set()
    await _until(lambda: site.counts()["issues"] == 1)


async def test_a_picture_is_ours_after_the_turn(site: WeChatSite, fake: FakeWeChat) -> None:
    fake.media["m1"] = PNG
    await site.say(message("o-wang", "image", AT, PicUrl="http://x", MediaId="m1"))
    assert fake.calls["media/get"] == 0
    await site.app.fetcher.round()
    with site.app.database.read() as db:
        assert claim_waiting(db, site.clock.now(), SLOT, 9) == []
        kept = get(db, 1)
    assert (site.app.folder.path(kept.path).read_bytes(), kept.mime) == (PNG, "image/png")


async def test_news_reaches_the_contact_by_push(site: WeChatSite, fake: FakeWeChat) -> None:
    site.bind("o-wang", "hengyu")
    fake.open_window("o-wang")
    await site.say(GOOD)
    await site.type("zhao", "受理 001")
    (told,) = fake.texts("o-wang")
    assert "YZ-20241014-001" in told
    assert _thread(site).sends == 1


@pytest.mark.parametrize("code", [43004, 45015])
async def test_what_cannot_be_delivered_is_said_aloud(
    site: WeChatSite, fake: FakeWeChat, code: int
) -> None:
    site.bind("o-wang", "hengyu")
    await site.say(GOOD)
    fake.go_wrong(SEND, Trouble(code=code))
    await site.type("zhao", "受理 001")
    assert fake.texts("o-wang") == []
    for handle in ("zhao", "duty"):
        assert any(
            "【未送达】" in words and "13900000101" in words
            for words in site.list_outbox_texts(handle)
        )


async def test_what_was_held_goes_with_the_next_answer(site: WeChatSite, fake: FakeWeChat) -> None:
    site.bind("o-wang", "hengyu")
    await site.say(GOOD)
    fake.go_wrong(SEND, Trouble(code=45015))
    await site.type("zhao", "受理 001")
    told = await site.say(text("o-wang", "进度", AT))
    assert "【已受理】" in told
    assert fake.texts("o-wang") == []


class _Broken:
    """A runner whose database cannot be written the first few times."""

    def __init__(self, times: int, whole: Any) -> None:
        self._left, self._whole = times, whole
        self.gate = asyncio.Event()

    async def hear(self, incoming: Any) -> Any:
        """Fail, or do as the whole one does; not before the gate is open."""
        await self.gate.wait()
        self._left -= 1
        if self._left >= 0:
            raise OSError("disk full")
        return await self._whole.hear(incoming)


def _patience(site: WeChatSite, **limits: float) -> None:
    """Serve the webhook with other limits."""
    channel = site.app.channels["wechat"]
    assert isinstance(channel, WeChat)
    routes = WeChatHook(site.app, channel, **limits).routes()
    router = site.client._transport.app.router  # type: ignore[attr-defined]
    router.routes[:0] = routes


async def _until(true: Callable[[], bool]) -> None:
    """Let the others work until it is so."""
    async with asyncio.timeout(10):
        while not await asyncio.to_thread(true):
            pass


def _thread(site: WeChatSite) -> Thread:
    with site.app.database.read() as db:
        thread = threads.by_address(db, Address("wechat", "o-wang"))
    assert thread is not None
    return thread


async def test_a_button_of_the_menu_says_its_word(site: WeChatSite) -> None:
    await site.say(text("o-wang", "车间停电了", AT))
    typed = await site.say(text("o-wang", "我的诉求", AT + 200))
    assert "YZ-20241014-001" in typed
    assert await site.say(event("o-wang", "CLICK", AT + 201, "我的诉求")) == typed
