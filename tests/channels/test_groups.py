"""The Monday group: a webhook, a chat that the app makes once, a group of Telegram."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.groups import HOOK, OURS
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Incoming, Kind
from bot.settings import WeComChannel, load
from storage.media.files import MediaFolder
from storage.media.media import KeptMedia
from storage.writers import GroupWriter
from tests.channels import telegram_site, wecom_site
from tests.channels.test_wecom_push import PNG, message, to
from tests.channels.wechat_push import expect_refusal, push
from tests.conftest import MONDAY, ROOT
from tests.peers.envelopes import AES_KEY, TOKEN
from tests.peers.fake_forum import FakeForum, forum
from tests.peers.fake_platform import Trouble
from tests.peers.fake_wecom import AGENT_ID, CORP_ID, GROUP_KEY, SECRET, FakeWeCom

pytestmark = pytest.mark.slow

CREATE = "appchat/create"
GROUP = -1001234
BOTH = ("ZhaoMin", "QianLi")


@pytest.fixture
def company() -> Iterator[FakeWeCom]:
    """The platform, and two members of the company."""
    with FakeWeCom(members=set(BOTH)) as platform:
        yield platform


@pytest.fixture
def places(writer: GroupWriter) -> GroupWriter:
    """A database in which no place is known yet."""
    writer.submit(lambda db: db.exec_driver_sql("DELETE FROM places")).result(5)
    return writer


def _channel(
    fake: FakeWeCom, writer: GroupWriter, folder: MediaFolder, members: tuple[str, ...] = BOTH
) -> WeCom:
    settings = WeComChannel(
        corp_id=CORP_ID,
        agent_id=AGENT_ID,
        token=SecretStr(TOKEN),
        aes_key=SecretStr(AES_KEY),
        secret=SecretStr(SECRET),
        group_key=SecretStr(GROUP_KEY),
        chat_members=members,
        api_base=fake.base,
    )
    return WeCom(settings, folder, writer, timeout=(0.2, 0.2), group_name="云溪示范产业园")


@pytest.fixture
def ours(company: FakeWeCom, places: GroupWriter, folder: MediaFolder) -> WeCom:
    """The channel, which may make a chat of two members."""
    return _channel(company, places, folder)


def _list_chat_texts(fake: FakeWeCom) -> list[list[str]]:
    return [chat["said"] for chat in fake.chats.values()]


def test_the_chat_is_made_once(
    ours: WeCom, company: FakeWeCom, places: GroupWriter, folder: MediaFolder
) -> None:
    push(ours, to(message(1, "第95期", user=OURS)))
    again = _channel(company, places, folder)  # after a restart
    push(again, to(message(2, "改期", user=OURS)))
    assert _list_chat_texts(company) == [["第95期", "改期"]]
    (chat,) = company.chats.values()
    assert (chat["name"], chat["userlist"]) == ("云溪示范产业园", list(BOTH))


def test_an_answer_that_was_lost_makes_no_second_chat(ours: WeCom, company: FakeWeCom) -> None:
    company.go_wrong(CREATE, Trouble(cut=True))
    push(ours, to(message(1, "第95期", user=OURS)))
    assert _list_chat_texts(company) == [["第95期"]]


def test_nor_does_a_platform_that_is_down_for_a_while(ours: WeCom, company: FakeWeCom) -> None:
    company.go_wrong(CREATE, Trouble(cut=True))
    company.go_wrong("appchat/get", Trouble(status=502))
    assert expect_refusal(ours, to(message(1, "第95期", user=OURS))).permanent is False
    push(ours, to(message(1, "第95期", user=OURS)))
    assert _list_chat_texts(company) == [["第95期"]]


def test_a_chat_that_was_dissolved_is_made_again(ours: WeCom, company: FakeWeCom) -> None:
    push(ours, to(message(1, "第95期", user=OURS)))
    company.chats.clear()
    outcome = expect_refusal(ours, to(message(2, "改期", user=OURS)))
    assert (outcome.reason, outcome.permanent) == ("wecom.no_chat", False)
    push(ours, to(message(2, "改期", user=OURS)))
    assert _list_chat_texts(company) == [["改期"]]


def test_a_chat_needs_two(company: FakeWeCom, places: GroupWriter, folder: MediaFolder) -> None:
    alone = _channel(company, places, folder, ("ZhaoMin",))
    outcome = expect_refusal(alone, to(message(1, "第95期", user=OURS)))
    assert (outcome.reason, outcome.permanent) == ("wecom.no_members", True)
    assert company.calls[CREATE] == 0


@pytest.mark.parametrize("group", [HOOK, OURS])
def test_a_picture_reaches_a_group(
    company: FakeWeCom, places: GroupWriter, folder: MediaFolder, group: str
) -> None:
    channel = _channel(company, places, folder)
    name, mime = folder.put(PNG)
    files = {7: KeptMedia(7, "local", "", name, mime, 0)}
    push(channel, to(message(1, "周报", "好", user=group, media_id=7), files=files))
    assert company.pictures == [PNG]
    told = company.group if group == HOOK else _list_chat_texts(company)[0]
    assert told == ["周报\n1 好"]


def test_what_a_webhook_cannot_carry_is_told(
    company: FakeWeCom, places: GroupWriter, folder: MediaFolder
) -> None:
    channel = _channel(company, places, folder)
    for content in (b"%PDF-1.7", PNG.ljust(2 * 1024**2 + 1, b".")):
        name, mime = folder.put(content)
        files = {7: KeptMedia(7, "local", "", name, mime, 0)}
        outcome = expect_refusal(channel, to(message(1, "", user=HOOK, media_id=7), files=files))
        assert (outcome.reason, outcome.permanent) == ("wecom.not_for_hook", True)


def test_a_chat_that_is_there_already(ours: WeCom, company: FakeWeCom) -> None:
    company.chats["Monday95"] = {"said": []}
    push(ours, to(message(1, "第95期", user="@Monday95")))
    assert _list_chat_texts(company) == [["第95期"]]
    assert expect_refusal(ours, to(message(1, "第95期", user="@Other"))).reason == "wecom.no_chat"


@asynccontextmanager
async def _app(folder: Path, **environment: str) -> AsyncIterator[App]:
    given = {
        "EXCHANGE_STORAGE__URL": f"sqlite:///{folder / 'exchange.db'}",
        "EXCHANGE_STORAGE__MEDIA": str(folder / "media"),
        **environment,
    }
    app = App(load(ROOT / "config.toml", given), MovableClock(MONDAY, frozen=True))
    await app.start()
    yield app
    await app.stop()


async def _announce_and_cancel(app: App) -> None:
    """By the clock at ten on the session's day, by the duty desk soon afterwards."""
    await app.advance(MONDAY + timedelta(days=7, minutes=5))
    words = Content(Kind.TEXT, "取消本期 95 会场停水")
    duty = Address("local", "duty")
    await app.runner.hear(Incoming("local:1", duty, words, app.clock.now()))
    await app.postman.drain()


@pytest.mark.anyio
@pytest.mark.parametrize("group", ["group", "chat"])
async def test_the_agenda_is_posted_on_wecom(
    tmp_path: Path, company: FakeWeCom, group: str
) -> None:
    given = wecom_site.environment(company.base)
    given["EXCHANGE_SESSIONS__GROUP"] = f"wecom:{group}"
    given["EXCHANGE_CHANNELS__WECOM__CHAT_MEMBERS"] = '["ZhaoMin", "QianLi"]'
    async with _app(tmp_path, **given) as app:
        await _announce_and_cancel(app)
    told = company.group if group == "group" else _list_chat_texts(company)[0]
    assert ["第 95 期" in words for words in told] == [True, True]
    assert "会场停水" in told[-1]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeForum]:
    """Telegram."""
    async with forum() as platform:
        yield platform


@pytest.mark.anyio
async def test_the_agenda_is_posted_on_telegram(tmp_path: Path, telegram: FakeForum) -> None:
    given = telegram_site.environment(tmp_path, telegram.base, "polling", "http://127.0.0.1:1")
    given["EXCHANGE_SESSIONS__GROUP"] = f"telegram:{GROUP}"
    async with _app(tmp_path, **given) as app:
        await _announce_and_cancel(app)
    told = [bubble.text for bubble in telegram.chats[str(GROUP)]]
    assert ["第 95 期" in words for words in told] == [True, True]
    assert "会场停水" in told[-1]
    assert not telegram.topics


@pytest.mark.anyio
async def test_a_group_that_is_gone_is_told_of(tmp_path: Path, company: FakeWeCom) -> None:
    given = wecom_site.environment(company.base)
    given["EXCHANGE_SESSIONS__GROUP"] = "wecom:Monday95"
    async with _app(tmp_path, **given) as app:
        company.go_wrong("appchat/send", *[Trouble(code=93000)] * 2)
        await _announce_and_cancel(app)
        with app.database.read() as db:
            rows = db.exec_driver_sql(
                "SELECT text FROM outbox WHERE kind = 'delivery.group_failed'"
            )
            told = list(rows.scalars())
    assert len(told) == 2
    assert told[0].startswith("【没发到群里】")
    assert "第 95 期" in told[0]
