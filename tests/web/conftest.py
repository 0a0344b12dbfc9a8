"""The phones page of an app on a scratch folder, asked over HTTP or looked at in a browser."""

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from bot.app import App
from bot.clock import MovableClock, SystemClock
from bot.settings import Settings
from bot.web import build
from tests.conftest import MONDAY

HERE = "http://127.0.0.1:8080"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass
class Client:
    """Asks the pages over HTTP, without a socket, in the loop the app lives in."""

    portal: BlockingPortal
    http: httpx.AsyncClient

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.portal.call(partial(self.http.get, path, **more))

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.portal.call(partial(self.http.post, path, **more))


@dataclass
class Desk:
    """A person at the page: types on phones and reads them, once everything has been carried."""

    app: App
    client: Client
    keys: Iterator[int] = field(default_factory=count)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.client.post(f"/phones/{path}", json=body)

    def send(self, handle: str, key: str | None = None, **content: str) -> dict[str, Any]:
        answer = self.post(f"{handle}/messages", {"key": key or f"k{next(self.keys)}", **content})
        assert answer.status_code == 200, answer.text
        self.carry()
        told: dict[str, Any] = answer.json()
        return told

    def say(self, handle: str, text: str) -> dict[str, Any]:
        return self.send(handle, text=text)

    def show(self, handle: str, content: bytes, form: str = "image") -> dict[str, Any]:
        return self.send(handle, **{form: base64.b64encode(content).decode()})

    def jump(self, to: str) -> str:
        answer = self.post("clock", {"to": to})
        assert answer.status_code == 200, answer.text
        self.carry()
        now: str = answer.json()["now"]
        return now

    def carry(self) -> None:
        self.client.portal.call(self.app.postman.drain)

    def look(self, *handles: str) -> dict[str, Any]:
        state: dict[str, Any] = self.client.get(f"/phones/state?show={','.join(handles)}").json()
        return state

    def phone(self, handle: str) -> dict[str, Any]:
        [phone] = self.look(handle)["phones"]
        return dict(phone)

    def read(self, handle: str) -> list[str]:
        """All bubbles that reached a phone."""
        items = self.phone(handle)["items"]
        return [text for item in items if item["side"] == "bot" for text in item["texts"]]


@pytest.fixture
def make_desk(make_settings: Callable[..., Settings]) -> Iterator[Callable[..., Desk]]:
    """Nobody is at work by himself: a test carries the post and turns the clock."""
    with ExitStack() as stack, start_blocking_portal() as portal:

        def make(*, movable: bool = True, **environment: str) -> Desk:
            settings = make_settings(**environment)
            app = App(settings, MovableClock(MONDAY) if movable else SystemClock())
            transport = httpx.ASGITransport(build(app, lifespan=None))
            client = Client(portal, httpx.AsyncClient(transport=transport, base_url=HERE))
            portal.call(app.start)
            portal.call(app.timekeeper.look)
            stack.callback(portal.call, app.stop)
            stack.callback(portal.call, client.http.aclose)
            return Desk(app, client)

        yield make
        stack.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()
