"""What the channels' tests share."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import delete

from bot.channels.wechat.api import Api
from bot.channels.wechat.channel import WeChat
from bot.channels.wecom.channel import WeCom
from bot.clock import SystemClock
from bot.settings import WeChatChannel, WeComChannel
from storage.database import Database
from storage.media.files import MediaFolder
from storage.migrate import migrate
from storage.tables.once import tokens
from storage.writers import GroupWriter
from tests.channels.telegram_site import CONTACT, LIAISON, TelegramSite, start_site
from tests.peers.envelopes import AES_KEY, TOKEN
from tests.peers.fake_wechat import APP_ID, SECRET, FakeWeChat
from tests.peers.fake_wecom import AGENT_ID, CORP_ID, GROUP_KEY, FakeWeCom
from tests.peers.fake_wecom import SECRET as WORK_SECRET
from tests.peers.telegram_emulator import Emulator, run_emulator

TRIES = (0.2, 0.2)
"""Seconds to connect and to wait: short, so that a slow answer is soon slow enough."""


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """The bot runs on asyncio."""
    return "asyncio"


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    """The platform."""
    with FakeWeChat() as platform:
        platform.open_window("o-wang")
        yield platform


@pytest.fixture(scope="module")
def token_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database of the bot, of which the channel uses one table."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('push') / 'exchange.db'}")
    migrate(made)
    yield made
    made.close()


@pytest.fixture
def writer(token_database: Database) -> Iterator[GroupWriter]:
    """The way to it; no token is kept yet."""
    with token_database.write() as db:
        db.execute(delete(tokens))
    made = GroupWriter(token_database)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    """Where pictures are."""
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def work() -> Iterator[FakeWeCom]:
    """The platform of the company, with one member who sees the app."""
    with FakeWeCom(members={"ZhaoMin"}) as platform:
        yield platform


@pytest.fixture
def wecom(work: FakeWeCom, writer: GroupWriter, folder: MediaFolder) -> Iterator[WeCom]:
    """The channel, speaking to that fake."""
    settings = WeComChannel(
        enabled=True,
        corp_id=CORP_ID,
        agent_id=AGENT_ID,
        token=SecretStr(TOKEN),
        aes_key=SecretStr(AES_KEY),
        secret=SecretStr(WORK_SECRET),
        group_key=SecretStr(GROUP_KEY),
        api_base=work.base,
    )
    made = WeCom(settings, folder, writer, timeout=TRIES)
    yield made
    asyncio.run(made.stop())


@pytest.fixture
def channel(fake: FakeWeChat, writer: GroupWriter, folder: MediaFolder) -> Iterator[WeChat]:
    """The channel, speaking to the fake."""
    settings = WeChatChannel(
        enabled=True,
        app_id=APP_ID,
        token=SecretStr(TOKEN),
        aes_key=SecretStr(AES_KEY),
        secret=SecretStr(SECRET),
        api_base=fake.base,
    )
    made = WeChat(settings, folder, writer)
    made._api.close()
    made._api = Api(APP_ID, SECRET, fake.base, writer, SystemClock(), TRIES)
    yield made
    asyncio.run(made.stop())


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Telegram."""
    async with run_emulator() as platform:
        yield platform


@pytest.fixture
async def site(tmp_path: Path, emulator: Emulator) -> AsyncIterator[TelegramSite]:
    """The app with a Telegram bot that asks for news; a contact and a liaison are bound."""
    async with start_site(tmp_path, emulator) as made:
        made.settle(CONTACT, "hengyu")
        made.settle(LIAISON, "zhao")
        yield made
