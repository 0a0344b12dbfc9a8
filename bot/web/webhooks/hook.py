"""What the webhooks of WeChat and WeCom share: bodies of a size, answers in time."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.tencent.crypto import Rejected
from bot.core.messages import Incoming
from bot.runtime.runner import Done
from bot.web.services import Site

IN_TIME = 4.5
"""Seconds until an exchange is given up: the platform cuts it after 5."""
SILENCE = 1.5
"""Seconds that a late exchange is left without an answer, so that the platform cuts it and delivers
the message again, three times in all: what is not written down must never look taken."""
AGAIN, TRIES = 5.0, 60
"""Seconds between tries to write down what was given up and then failed, and how many."""
LARGEST_BODY = 64 * 1024
"""Bytes; a message with its longest text and its seal is below 20 KB."""
TRY_AGAIN = PlainTextResponse("try again", 503)
"""The answer when nothing was written down: the platform shall deliver it again."""
log = structlog.get_logger()


class Hearing:
    """Runs what was heard, in time for the exchange or after it."""

    def __init__(
        self,
        site: Site,
        in_time: float = IN_TIME,
        again: float = AGAIN,
        silence: float = SILENCE,
    ) -> None:
        self._site = site
        self._silence = silence
        self._in_time = in_time
        self._again = again
        self._late: set[asyncio.Task[None]] = set()

    async def of(self, incoming: Incoming) -> Done | None:
        """What came of it; None when that will be known only after the exchange, which must then
        not be answered as taken. Raises what the database raises when it cannot be written."""
        hearing = asyncio.ensure_future(self._site.runner.hear(incoming))
        await asyncio.wait({hearing}, timeout=self._in_time)
        if hearing.done():
            return hearing.result()
        late = asyncio.create_task(self._finish(hearing, incoming))
        self._late.add(late)  # nobody else holds it
        late.add_done_callback(self._late.discard)
        await asyncio.sleep(self._silence)
        return None

    async def _finish(self, hearing: asyncio.Future[Done], incoming: Incoming) -> None:
        """The platform repeats three times only: after that it is ours to keep trying."""
        for _ in range(TRIES):
            try:
                await hearing
                return
            except Exception:
                log.exception("message not taken yet", key=incoming.key)
            await asyncio.sleep(self._again)
            hearing = asyncio.ensure_future(self._site.runner.hear(incoming))


class Checked(Protocol):
    """A channel whose address the platform checks."""

    def echo(self, query: Mapping[str, str]) -> str:
        """The answer to the check. Raises Rejected."""
        ...


class Hook(ABC):
    """One address with the two requests a platform makes."""

    def __init__(self, path: str, channel: Checked) -> None:
        self._path = path
        self._checked = channel

    def routes(self) -> list[Route]:
        """The two requests."""
        return [
            Route(self._path, self.verify, methods=["GET"]),
            Route(self._path, self.receive, methods=["POST"]),
        ]

    async def verify(self, request: Request) -> Response:
        """GET: the platform asks whether this is our address."""
        try:
            return PlainTextResponse(self._checked.echo(request.query_params))
        except Rejected as no:
            return build_rejection(no)

    @abstractmethod
    async def receive(self, request: Request) -> Response:
        """POST: one delivery."""


async def body_of(request: Request) -> bytes:
    """The body. Raises Rejected; what is too long is not read to its end."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise Rejected(413, "body too large")
    return bytes(body)


def build_rejection(no: Rejected) -> Response:
    """The answer to what is not from the platform."""
    log.warning("webhook rejected", status=no.status, reason=no.reason)
    return PlainTextResponse(no.reason, no.status)
