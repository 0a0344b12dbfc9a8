"""The whole app with a WeChat account, in this process, for tests."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
from sqlalchemy import func, select

from bot.app import App
from bot.clock import MovableClock, SystemClock
from bot.core.messages import Address, Content, Incoming, Kind
from bot.settings import load
from bot.web.app import build
from storage.delivery import threads
from storage.tables.delivery import messages, outbox
from storage.tables.delivery import threads as thread_rows
from storage.tables.issues import issues
from storage.tables.once import once
from tests.peers.envelopes import AES_KEY, APP_ID, TOKEN, Letter, Wework, open_answer, seal_letter
from tests.peers.fake_wechat import SECRET

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2024, 10, 14, 2, 0, tzinfo=UTC)
"""Ten in the morning at the park."""
WEWORK = Wework()
_nonces = count(1)


def environment(folder: Path, api_base: str, *, safe: bool = True) -> dict[str, str]:
    """The settings of an app that keeps everything in `folder`."""
    wechat = {
        "ENABLED": "true",
        "TOKEN": TOKEN,
        "AES_KEY": AES_KEY if safe else "",
        "APP_ID": APP_ID,
        "SECRET": SECRET,
        "API_BASE": api_base,
    }
    return {
        "EXCHANGE_STORAGE__URL": f"sqlite:///{folder / 'exchange.db'}",
        "EXCHANGE_STORAGE__MEDIA": str(folder / "media"),
        "EXCHANGE_LIMITS__HOLD_SECONDS": "0",
        **{f"EXCHANGE_CHANNELS__WECHAT__{name}": value for name, value in wechat.items()},
    }


@dataclass
class WeChatSite:
    """An app and a client that posts to it as WeChat does."""

    app: App
    client: httpx.AsyncClient
    clock: MovableClock

    async def post(self, letter: Letter) -> httpx.Response:
        """One delivery."""
        return await self.client.post("/wechat", params=letter.query, content=letter.body)

    async def type(self, handle: str, words: str) -> None:
        """Words typed on a phone of the demo park, and everybody's post carried."""
        now = self.clock.now()
        said = Content(Kind.TEXT, words)
        await self.app.runner.hear(
            Incoming(f"local:{handle}:{words}", Address("local", handle), said, now)
        )
        await self.app.postman.drain()

    async def say(self, xml: str) -> str:
        """One sealed delivery; the words of its answer, empty for `success`."""
        answer = await self.post(seal_delivery(xml))
        assert answer.status_code == 200, answer.text
        return "" if answer.text == "success" else open_answer(WEWORK, answer.content)["Content"]

    def bind(self, user: str, handle: str, channel: str = "wechat") -> None:
        """The user is the person of this phone of the demo park."""
        with self.app.database.write() as db:
            local = threads.by_address(db, Address("local", handle))
            assert local is not None
            threads.open_thread(db, Address(channel, user), local.person_id)

    def forget(self, handle: str) -> None:
        """This phone of the demo park is nobody's any more."""
        with self.app.database.write() as db:
            local = threads.by_address(db, Address("local", handle))
            assert local is not None
            threads.change(db, local.id, person_id=None)

    def list_outbox_texts(self, handle: str) -> list[str]:
        """The texts on their way to a phone of the demo park, sent or not."""
        with self.app.database.read() as db:
            rows = (
                select(outbox.c.text)
                .join(thread_rows, thread_rows.c.id == outbox.c.thread_id)
                .where(thread_rows.c.address == handle)
                .order_by(outbox.c.id)
            )
            return list(db.execute(rows).scalars())

    def counts(self) -> dict[str, int]:
        """How many rows the tables hold."""
        with self.app.database.read() as db:
            tables = {"once": once, "messages": messages, "issues": issues, "outbox": outbox}
            return {
                name: db.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in tables.items()
            }


@asynccontextmanager
async def start_site(
    folder: Path,
    api_base: str,
    *,
    safe: bool = True,
    beside: Mapping[str, str] | None = None,
    **more: str,
) -> AsyncIterator[WeChatSite]:
    """The app, started; the postman and the clock work only when a test tells them to. `beside` is
    added to its environment."""
    clock = MovableClock(MONDAY, frozen=True)
    given = {**environment(folder, api_base, safe=safe), **(beside or {})}
    given |= {f"EXCHANGE_CHANNELS__WECHAT__{name}": value for name, value in more.items()}
    app = App(load(ROOT / "config.toml", given), clock)
    await app.start()
    transport = httpx.ASGITransport(build(app, None), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield WeChatSite(app, client, clock)
    await app.stop()


def stamp() -> str:
    """The true time as the platform signs it."""
    return str(int(SystemClock().now().timestamp()))


def seal_delivery(xml: str) -> Letter:
    """A delivery in safe mode, sealed by the platform's own sample code."""
    return seal_letter(WEWORK, xml, stamp(), f"nonce{next(_nonces)}")
