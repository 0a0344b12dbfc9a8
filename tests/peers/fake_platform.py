"""What the fakes of platforms share: a server on loopback, media, counted calls, faults."""

import json
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Answer = dict[str, Any]


class FaultError(Exception):
    """An error code instead of an answer."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Trouble:
    """Something that goes wrong with one request: an error `code`, an HTTP `status`, an answer that
    takes `seconds`, a connection `cut` after the work was done, or a body that is no JSON. A
    `status` may come with the header `retry_after`."""

    code: int = 0
    status: int = 0
    seconds: float = 0
    cut: bool = False
    body: bytes | None = None
    retry_after: str = ""


@dataclass
class FakePlatform(ABC):
    """A platform's memory; `with` serves it on loopback at `base`."""

    clock: Callable[[], float] = time.monotonic
    token_seconds: int = 7200
    calls: Counter[str] = field(default_factory=Counter)
    sent: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    media: dict[str, bytes] = field(default_factory=dict)
    troubles: dict[str, deque[Trouble]] = field(default_factory=lambda: defaultdict(deque))
    paths: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    busiest: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._token_ends = 0.0
        self._under_way = 0

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"platform": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def go_wrong(self, path: str, *troubles: Trouble) -> None:
        """The next requests for `path` meet these, one each."""
        self.troubles[path].extend(troubles)

    def texts(self, user: str) -> list[str]:
        """The texts that reached the person, in order."""
        return [
            message["text"]["content"]
            for message in self.sent[user]
            if message["msgtype"] == "text"
        ]

    def end_token(self) -> None:
        """The token in use is good no more, as after a forced refresh elsewhere."""
        self._token_ends = 0.0

    def answer(self, path: str, query: dict[str, str], body: bytes) -> Answer | bytes:
        """What the platform says; the path is what follows /cgi-bin/."""
        with self._lock:
            return self.act(path, query, body)

    @abstractmethod
    def act(self, path: str, query: dict[str, str], body: bytes) -> Answer | bytes:
        """What one path does; called under the lock."""

    def token(self, *, force: bool, early: float) -> Answer:
        left = self._token_ends - self.clock()
        if force or left <= early:
            self.tokens.append(f"token-{len(self.tokens) + 1}-x7Q")
            self._token_ends = self.clock() + self.token_seconds
            left = self.token_seconds
        return {"access_token": self.tokens[-1], "expires_in": int(left)}

    def check_token(self, query: dict[str, str], unknown: int) -> None:
        token = query.get("access_token", "")
        if not token:
            raise FaultError(41001)
        if token not in self.tokens[-2:] or self.clock() >= self._token_ends:
            raise FaultError(42001 if token in self.tokens else unknown)

    def upload(self, body: bytes) -> Answer:
        content = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
        if not content:
            raise FaultError(44001)
        media_id = f"media-{len(self.media) + 1}"
        self.media[media_id] = content
        return {"type": "image", "media_id": media_id, "created_at": 1}

    def find_media(self, query: dict[str, str]) -> bytes:
        content = self.media.get(query.get("media_id", ""))
        if content is None:
            raise FaultError(40007)
        return content

    def count_under_way(self, change: int) -> None:
        with self._lock:
            self._under_way += change
            self.busiest = max(self.busiest, self._under_way)


class _Handler(BaseHTTPRequestHandler):
    platform: FakePlatform
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, else each answer waits 40 ms for an ACK

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_args: object) -> None:
        """Nothing on the terminal."""

    def handle(self) -> None:
        """Serve a connection, which the other end may drop at any moment."""
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()

    def _serve(self) -> None:
        self.platform.count_under_way(1)
        try:
            self._answer()
        finally:
            self.platform.count_under_way(-1)

    def _answer(self) -> None:
        url = urlsplit(self.path)
        path = url.path.removeprefix("/cgi-bin/")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.platform.paths.append(self.path)
        self.platform.calls[path] += 1
        waiting = self.platform.troubles[path]
        trouble = waiting.popleft() if waiting else Trouble()
        threading.Event().wait(trouble.seconds)
        if trouble.status:
            self._write(trouble.status, b"trouble", trouble.retry_after)
            return
        try:
            if trouble.code:
                raise FaultError(trouble.code)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            answer = self.platform.answer(path, query, body)
        except FaultError as fault:
            answer = {"errcode": fault.code, "errmsg": f"fault {fault.code} rid: 1-2-3"}
        if trouble.cut:
            self.close_connection = True
            return
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self._write(200, content if trouble.body is None else trouble.body)

    def _write(self, status: int, content: bytes, retry_after: str = "") -> None:
        self.send_response(status)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def check_menu(buttons: list[Answer], *, under: int, url: int) -> list[Answer]:
    """A menu that the platform takes: at most 3 buttons and 5 under each, names and what they mean
    within so many bytes (`under`: names of the second row)."""
    if not 0 < len(buttons) <= 3:
        raise FaultError(40017)
    for button in buttons:
        _check_button(button, 16, url)
        if len(button.get("sub_button", ())) > 5:
            raise FaultError(40023)
        for below in button.get("sub_button", ()):
            _check_button(below, under, url)
    return buttons


def _check_button(button: Answer, most: int, url: int) -> None:
    if not 0 < len(button["name"].encode()) <= most:
        raise FaultError(40018)
    if button.get("sub_button"):
        return
    meant = {"click": ("key", 128), "view": ("url", url)}.get(button.get("type", ""))
    if meant is None or not 0 < len(button.get(meant[0], "").encode()) <= meant[1]:
        raise FaultError(40019)
