"""The whole app with a Telegram bot, in this process, and phones that talk to it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import func, select

from bot.app import App
from bot.channels.telegram.api import Api, Patience
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pace import Pace
from bot.clock import MovableClock
from bot.core.issues.issue import Issue
from bot.core.messages import Address
from bot.settings import load
from bot.web.app import build
from storage.delivery import threads
from storage.issues import issues
from storage.people import codes
from storage.tables.delivery import messages, outbox
from storage.tables.issues import events
from storage.tables.issues import issues as issue_rows
from storage.tables.once import once
from tests.channels.wechat_site import MONDAY, ROOT
from tests.peers.telegram_emulator import TOKEN, Bubble, Emulator

SECRET = "a-secret-agreed-with-the-platform"
CONTACT, LIAISON, STRANGER = 1001, 2002, 3003
QUICK = Patience(connect=0.5, answer=0.5, file=0.5, news=2)
_ids = count(5000)


@dataclass
class FakeTime:
    """Seconds that pass only when somebody sleeps."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    async def sleep(self, wait: float) -> None:
        self.slept.append(wait)
        self.seconds += wait


@dataclass
class TelegramSite:
    """An app, the platform it speaks to, and the ways people use it."""

    app: App
    channel: Telegram
    clock: MovableClock
    emulator: Emulator
    mode: str

    async def update(self, body: dict[str, Any]) -> None:
        """One update, heard and answered, everybody's post carried."""
        number = await self.emulator.enqueue_update(body, token=TOKEN)
        if self.mode == "polling":
            await self.emulator.wait_for_update(number)
        await self.carry()

    async def carry(self) -> None:
        """Everything that is due leaves, cards are rewritten."""
        await self.app.postman.drain()
        await asyncio.gather(*self.channel._background)

    async def say(self, user: int, text: str, **more: Any) -> None:
        """Words typed on a phone."""
        await self.update({"message": self.message(user, text=text, **more)})

    async def tap(self, user: int, label: str, *, of: int | None = None) -> None:
        """A button of the newest card that has it, tapped; `of`: on somebody else's phone."""
        bubble = self.card(of or user, label)
        await self.press(user, bubble, bubble.buttons[label])

    async def press(self, user: int, bubble: Bubble, data: str) -> None:
        """A button with this data, tapped."""
        message = self.message(user, text=bubble.text, message_id=bubble.id)
        message["from"] = {"id": 7, "is_bot": True, "first_name": "Bot"}
        query = {"id": str(next(_ids)), "from": person(user), "chat_instance": "1"}
        await self.update({"callback_query": {**query, "message": message, "data": data}})

    def card(self, user: int, label: str) -> Bubble:
        """The newest message on a phone with this button."""
        return next(
            bubble for bubble in reversed(self.emulator.screen(user)) if label in bubble.buttons
        )

    def message(self, user: int, **more: Any) -> dict[str, Any]:
        """A message as the platform reports it."""
        chat = {"id": user, "type": "private", "first_name": "Somebody"}
        moment = int(self.clock.now().timestamp())
        return {
            "message_id": next(_ids),
            "date": moment,
            "chat": chat,
            "from": person(user),
            **more,
        }

    def texts(self, user: int) -> list[str]:
        """The words on a phone, oldest first."""
        return [bubble.text for bubble in self.emulator.screen(user)]

    def settle(self, user: int, handle: str) -> None:
        """The user is the person of this phone of the demo park."""
        with self.app.database.write() as db:
            local = threads.by_address(db, Address("local", handle))
            assert local is not None
            mine = threads.open_thread(db, Address("telegram", str(user)), local.person_id)
            told = {"welcomed_at": self.clock.now(), "heard_at": self.clock.now()}
            threads.change(db, mine.id, **told)

    def give_code(self, code: str, handle: str, *, firm: bool = False) -> None:
        """A code for the person of a phone of the demo park, or for their firm."""
        with self.app.database.write() as db:
            local = threads.by_address(db, Address("local", handle))
            assert local is not None
            until = self.clock.now() + timedelta(days=7)
            if firm:
                codes.give(db, code, until, enterprise_id=1)
            else:
                codes.give(db, code, until, person_id=local.person_id)

    def issue(self, issue_id: int = 1) -> Issue:
        """An issue as it stands."""
        with self.app.database.read() as db:
            return issues.get(db, issue_id)

    def counts(self) -> dict[str, int]:
        """How many rows the tables hold."""
        tables = {"once": once, "messages": messages, "issues": issue_rows, "events": events}
        with self.app.database.read() as db:
            return {
                name: db.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in {**tables, "outbox": outbox}.items()
            }


def person(user: int) -> dict[str, Any]:
    """A user as the platform reports them."""
    return {"id": user, "is_bot": False, "first_name": "Somebody"}


def environment(folder: Path, api_base: str, mode: str, base_url: str) -> dict[str, str]:
    """The settings of an app that keeps everything in `folder`."""
    telegram = {
        "ENABLED": "true",
        "TOKEN": TOKEN,
        "MODE": mode,
        "WEBHOOK_SECRET": SECRET,
        "API_BASE": api_base,
    }
    return {
        "EXCHANGE_STORAGE__URL": f"sqlite:///{folder / 'exchange.db'}",
        "EXCHANGE_STORAGE__MEDIA": str(folder / "media"),
        "EXCHANGE_LIMITS__HOLD_SECONDS": "0",
        "EXCHANGE_SERVER__BASE_URL": base_url,
        **{f"EXCHANGE_CHANNELS__TELEGRAM__{name}": value for name, value in telegram.items()},
    }


@asynccontextmanager
async def start_site(
    folder: Path, emulator: Emulator, mode: str = "polling"
) -> AsyncIterator[TelegramSite]:
    """The app, hearing; the postman and the clock work only when a test tells them to."""
    clock = MovableClock(MONDAY, frozen=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = App(load(ROOT / "config.toml", environment(folder, emulator.base, mode, here)), clock)
        channel = app.channels["telegram"]
        assert isinstance(channel, Telegram)
        await channel._api.close()
        channel._api = Api(TOKEN, emulator.base, QUICK)
        time = FakeTime()
        channel._pace, channel._again = Pace(time.now, time.sleep), 0.01
        await app.start()
        site = TelegramSite(app, channel, clock, emulator, mode)
        served = _serve_app(app, listening) if mode == "webhook" else nullcontext()
        async with served, _run_listener(site):
            yield site
        await app.stop()


@asynccontextmanager
async def _run_listener(site: TelegramSite) -> AsyncIterator[None]:
    task = asyncio.create_task(site.channel.listen(site.app.runner.hear))
    if site.mode == "webhook":
        await task
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@asynccontextmanager
async def _serve_app(app: App, listening: socket.socket) -> AsyncIterator[None]:
    web = uvicorn.Config(build(app, None), log_config=None, lifespan="off", access_log=False)
    server = _Server(web)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    await server.up.wait()
    yield
    server.should_exit = True
    await task


class _Server(uvicorn.Server):
    """A server that tells when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()
