"""The phones page of an app on a scratch folder, asked over HTTP or looked at in a browser."""

import base64
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot.app import App
from bot.clock import MovableClock, SystemClock
from bot.settings import Settings
from bot.web.app import build
from tests.conftest import MONDAY, ROOT
from tests.databases import SqlitePlace

HERE = "http://127.0.0.1:8080"
DESK: ViewportSize = {"width": 1280, "height": 800}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # a microphone that hums
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


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
def make_desk(
    make_settings: Callable[..., Settings], sqlite_place: SqlitePlace
) -> Iterator[Callable[..., Desk]]:
    """Nobody is at work by himself: a test carries the post and turns the clock."""
    with ExitStack() as stack, start_blocking_portal() as portal:

        def make(*, movable: bool = True, **environment: str) -> Desk:
            url = stack.enter_context(sqlite_place.create_migrated())
            settings = make_settings(STORAGE__URL=url, **environment)
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real program with an empty database, on a Monday evening. The tests share it: each
    writes on a phone of its own."""
    with run_program(tmp_path_factory.mktemp("browser")) as address:
        post(address, "clock", {"to": "monday"})
        yield address


@contextmanager
def run_program(folder: Path, **settings: str) -> Iterator[str]:
    """The real program on a free port and on the database in this folder; keywords are the
    environment's. Its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "EXCHANGE_CONFIG": str(ROOT / "config.toml"),
        "EXCHANGE_STORAGE__URL": f"sqlite:///{folder / 'exchange.db'}",
        "EXCHANGE_STORAGE__MEDIA": str(folder / "media"),
        "EXCHANGE_LIMITS__HOLD_SECONDS": "1",
        **{f"EXCHANGE_{name}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "bot", "run", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        assert server.stdout is not None
        try:
            said = server.stdout.readline().decode()
            assert str(port) in said, said + server.stdout.read().decode()
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.communicate(timeout=20)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page on a desk; whatever goes wrong in it fails the test."""
    # Without motion: half-way through a change, colours are not those that people will see.
    page = browser.new_page(viewport=DESK, reduced_motion="reduce")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.goto(address)
    page.set_default_timeout(10_000)
    expect(page.locator("#now")).to_contain_text("（周一）")
    yield page
    assert faults == []
    page.close()


def post(address: str, path: str, body: dict[str, object]) -> None:
    answer = httpx.post(f"{address}/phones/{path}", json=body, trust_env=False)
    answer.raise_for_status()
