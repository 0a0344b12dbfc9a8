"""A paper that a chat cannot show: its link opens it once, for whoever presses the button."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.channels.base import Letter, Undeliverable
from bot.clock import MovableClock
from bot.core.messages import Address, Media
from bot.settings import Settings
from bot.web.app import build
from storage.delivery import threads
from storage.media import media
from storage.media.media import KeptMedia
from tests.conftest import MONDAY
from tests.storage.rows import a_parcel

PDF = b"%PDF-1.7 a paper"
SITE = "https://bot.example.com"
LINK = re.compile(rf"{SITE}(/media/[\w-]{{32}})\n")


@dataclass
class Texting:
    """A channel that takes words only."""

    name: str = "texting"
    merges: bool = False
    failing: bool = False
    arrived: list[str] = field(default_factory=list)

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    def takes(self, item: KeptMedia) -> bool:
        """No thing at all."""
        return False

    async def send(self, letter: Letter, now: datetime) -> int:
        """What arrives has no thing with it."""
        if self.failing:
            raise Undeliverable("delivery.slow")
        assert all(parcel.media_id is None for parcel in letter.parcels)
        self.arrived += [parcel.text for parcel in letter.parcels]
        return 1

    async def fetch(self, item: KeptMedia) -> bytes:
        """There is nothing."""
        raise Undeliverable("delivery.gone", permanent=True)


@dataclass
class Desk:
    """An app that sends papers to one person, and a browser."""

    app: App
    channel: Texting
    http: httpx.AsyncClient

    async def send(self, words: str = "请看", content: bytes = PDF) -> None:
        """Put it into the outbox and carry it."""
        name, mime = self.app.folder.put(content)
        now = self.app.clock.now()
        with self.app.database.write() as db:
            thread = threads.mark_heard(db, Address("texting", "one"), now)
            kept = media.keep(db, "texting", Media(path=name, mime=mime), now)
            a_parcel(db, thread.id, words, media_id=kept, created_at=now, not_before=now)
        await self.app.postman.drain()

    def link(self) -> str:
        """The path of the last link that arrived."""
        found = LINK.search(self.channel.arrived[-1])
        assert found, self.channel.arrived
        return found[1]

    async def press(self, path: str) -> httpx.Response:
        """Press the button."""
        return await self.http.post(path, follow_redirects=True)

    def later(self, span: timedelta) -> None:
        """Time passes."""
        clock = self.app.clock
        assert isinstance(clock, MovableClock)
        clock.set(clock.now() + span)


Made = Callable[..., Settings]


@asynccontextmanager
async def desk(make_settings: Made, **environment: str) -> AsyncIterator[Desk]:
    channel = Texting()
    given = make_settings(**environment)
    app = App(given, MovableClock(MONDAY, frozen=True), channels={"texting": channel})
    await app.start()
    transport = httpx.ASGITransport(build(app, None))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as http:
        yield Desk(app, channel, http)
    await app.stop()


pytestmark = pytest.mark.anyio


async def test_looking_ahead_burns_nothing_and_pressing_opens(make_settings: Made) -> None:
    async with desk(make_settings, SERVER__BASE_URL=SITE) as at:
        await at.send()
        assert at.channel.arrived[0].startswith("请看\n〔文件〕https://")
        path = at.link()
        for _ in range(5):  # what chats do with a link before anybody sees it
            assert (await at.http.head(path)).status_code == 200
            page = await at.http.get(path)
            assert page.status_code == 200
            assert "打开" in page.text
            assert "10月21日（周一）10:00" in page.text
            assert b"a paper" not in page.content
            assert (await at.http.get(f"{path}/open")).status_code == 410
        opened = await at.press(path)
        assert (opened.status_code, opened.content) == (200, PDF)
        assert opened.headers["content-type"] == "application/pdf"
        assert opened.headers["content-disposition"] == 'inline; filename="attachment.pdf"'
        assert opened.headers["cache-control"] == "no-store"
        assert opened.headers["x-content-type-options"] == "nosniff"


async def test_one_sitting_then_it_is_over(make_settings: Made) -> None:
    async with desk(make_settings, SERVER__BASE_URL=SITE) as at:
        await at.send()
        path = at.link()
        await at.press(path)
        at.later(timedelta(minutes=29))
        assert "10:30" in (await at.http.get(path)).text
        piece = await at.http.get(f"{path}/open", headers={"Range": "bytes=0-3"})
        assert (piece.status_code, piece.content) == (206, b"%PDF")
        at.later(timedelta(minutes=1))
        for answer in (await at.http.get(path), await at.press(path)):
            assert answer.status_code == 410
            assert "这个链接打不开了" in answer.text
            assert b"a paper" not in answer.content


async def test_unopened_it_ends_too_and_strangers_learn_nothing(make_settings: Made) -> None:
    async with desk(make_settings, SERVER__BASE_URL=SITE, LIMITS__LINK_DAYS="2") as at:
        await at.send()
        path = at.link()
        at.later(timedelta(days=2))
        over, never = await at.press(path), await at.press(f"/media/{'x' * 32}")
        assert over.status_code == never.status_code == 410
        assert over.text == never.text
        assert (await at.http.get("/media/..%2f..%2fexchange.db")).status_code in (404, 410)


async def test_the_database_holds_no_secret(make_settings: Made, tmp_path: Path) -> None:
    async with desk(make_settings, SERVER__BASE_URL=SITE) as at:
        at.channel.failing = True
        await at.send()
        at.channel.failing = False
        at.later(timedelta(minutes=1))
        await at.app.postman.drain()
        secret = at.link().rpartition("/")[2].encode()
        assert (await at.press(at.link())).status_code == 200
    kept = _files(tmp_path)
    assert kept
    assert not any(secret in content for content in kept)


async def test_without_an_address_the_words_say_so(make_settings: Made) -> None:
    async with desk(make_settings) as at:
        await at.send("请看", b"#!AMR voice")
        assert at.channel.arrived == ["请看\n〔有录音，这里显示不了，请打电话向对方要〕"]


async def test_a_lost_file_is_over(make_settings: Made) -> None:
    async with desk(make_settings, SERVER__BASE_URL=SITE) as at:
        await at.send()
        _empty_folder(at.app.settings.storage.media)
        assert (await at.press(at.link())).status_code == 410


async def test_papers_that_run_programs_are_only_kept(make_settings: Made) -> None:
    async with desk(make_settings, SERVER__BASE_URL=SITE) as at:
        await at.send("请看", b"PK\x03\x04 zip")
        opened = await at.press(at.link())
        assert opened.headers["content-disposition"].startswith("attachment;")


def test_two_who_press_at_once_open_one_sitting(make_settings: Made) -> None:
    async def both() -> None:
        async with desk(make_settings, SERVER__BASE_URL=SITE) as at:
            await at.send()
            path = at.link()
            answers = await asyncio.gather(*(at.press(path) for _ in range(4)))
            assert [answer.status_code for answer in answers] == [200] * 4

    asyncio.run(both())


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob("exchange.db*")]


def _empty_folder(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
