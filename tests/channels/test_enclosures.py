"""One thing in the form that each app takes: as itself, as a file, or as a link."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.clock import MovableClock
from bot.core.messages import Address, Media
from bot.settings import load
from bot.web.app import build
from storage.delivery import threads
from storage.media import media
from tests.channels import wechat_site, wecom_site
from tests.channels.wechat_site import MONDAY
from tests.conftest import ROOT
from tests.peers.fake_wechat import FakeWeChat
from tests.peers.fake_wecom import FakeWeCom
from tests.storage.rows import a_parcel

pytestmark = pytest.mark.anyio
SITE = "https://bot.example.com"
WANG, ZHAO = "o-wang", "ZhaoMin"
PNG, AMR = b"\x89PNG\r\n\x1a\n" + bytes(64), b"#!AMR\n" + bytes(32)
OGG, PDF, MP4 = b"OggS" + bytes(32), b"%PDF-1.7 " + bytes(32), b"\x00\x00\x00\x18ftypmp42"


@asynccontextmanager
async def park(folder: Path) -> AsyncIterator[tuple[App, FakeWeChat, FakeWeCom]]:
    """An app with an account of WeChat and an app of WeCom."""
    with FakeWeChat(strict=False) as wechat, FakeWeCom(members={ZHAO}) as wecom:
        given = wechat_site.environment(folder, wechat.base) | wecom_site.environment(wecom.base)
        given["EXCHANGE_SERVER__BASE_URL"] = SITE
        app = App(load(ROOT / "config.toml", given), MovableClock(MONDAY, frozen=True))
        await app.start()
        yield app, wechat, wecom
        await app.stop()


async def carry_attachment(app: App, channel: str, user: str, content: bytes) -> None:
    """The thing, with a word, to somebody on a channel who wrote just now."""
    name, mime = app.folder.put(content)
    now = app.clock.now()
    with app.database.write() as db:
        thread = threads.mark_heard(db, Address(channel, user), now)
        kept = media.keep(db, "telegram", Media(path=name, mime=mime), now)
        a_parcel(db, thread.id, "请看", media_id=kept, created_at=now, not_before=now)
    await app.postman.drain()


@pytest.mark.parametrize(
    ("content", "wechat", "wecom"),
    [
        (PNG, "image", "image"),
        (AMR, "voice", "voice"),
        (OGG, "link", "file"),
        (PDF, "link", "file"),
        (MP4, "link", "video"),
    ],
)
async def test_in_the_form_that_the_app_takes(
    tmp_path: Path, content: bytes, wechat: str, wecom: str
) -> None:
    async with park(tmp_path) as (app, account, work):
        await carry_attachment(app, "wechat", WANG, content)
        await carry_attachment(app, "wecom", ZHAO, content)
        for sent, form in ((account.sent[WANG], wechat), (work.sent[ZHAO], wecom)):
            words = sent[0]["text"]["content"]
            assert words.startswith("请看")
            if form != "link":
                assert [message["msgtype"] for message in sent] == ["text", form]
                assert words == "请看"
                continue
            assert len(sent) == 1
            found = re.search(rf"{SITE}(/media/\S+)", words)
            assert found
            transport = httpx.ASGITransport(build(app, None))
            async with httpx.AsyncClient(transport=transport, base_url=SITE) as browser:
                opened = await browser.post(found[1], follow_redirects=True)
            assert opened.content == content
        for platform in (account, work):
            assert all(upload == content for upload in platform.media.values())
