"""Keeps the phones page on this machine: who may ask, in what form, and what a page may load."""

import json
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import is_loopback

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""A request that carries one of these came through a proxy, so perhaps from far away."""
LARGEST = 12 * 1024 * 1024
"""Bytes of one JSON body: a picture of 8 MB in base64, and its frame."""


class Malformed(ValueError):  # noqa: N818 - the sender's mistake
    """A body that is no JSON object of the agreed size and form; `status` is the answer's code."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class Headed:
    """ASGI middleware: adds the security headers; a page may send forms to itself if `forms`."""

    def __init__(self, app: ASGIApp, *, forms: bool = False) -> None:
        self._app = app
        policy = HEADERS["Content-Security-Policy"]
        policy = policy.replace("form-action 'none'", "form-action 'self'") if forms else policy
        headers = {**HEADERS, "Content-Security-Policy": policy}
        self._extra = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._extra]
            await send(message)

        await self._app(scope, receive, send_headed if scope["type"] == "http" else send)


class OnlyHere:
    """ASGI middleware: lets in only this machine's own browser and adds the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headed = Headed(self._check_origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._headed(scope, receive, send)

    async def _check_origin(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = from_elsewhere(Request(scope)) if scope["type"] == "http" else None
        app = PlainTextResponse(problem, 403) if problem else self._app
        await app(scope, receive, send)


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a POST. Raises Malformed; what is too long is not read to its end."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Malformed("Content-Type: application/json", 415)
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LARGEST:
            raise Malformed(f"> {LARGEST} bytes", 413)
    try:
        parsed = json.loads(received)
    except (ValueError, RecursionError) as error:
        raise Malformed("JSON") from error
    if not isinstance(parsed, dict):
        raise Malformed("JSON object")
    return parsed


def from_elsewhere(request: Request) -> str | None:
    """Why a request does not come from this machine's own browser; None when it does.

    Host is checked against DNS rebinding, Origin and Sec-Fetch-Site against other sites' pages.
    """
    host = request.headers.get("host", "")
    if not is_loopback(_name(f"//{host}")):
        return "Host: only 127.0.0.1 and localhost"
    if any(name in request.headers for name in FORWARDED):
        return "not through a proxy"
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{request.url.scheme}://{host}":
        return "Origin: another site"
    site = request.headers.get("sec-fetch-site", "none")
    if site not in ("none", "same-origin") and request.headers.get("sec-fetch-mode") != "navigate":
        return "Sec-Fetch-Site: another site"
    return None


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
