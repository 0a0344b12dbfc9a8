"""The webhook of the WeChat account: proves, hears, answers within the platform's five seconds."""

import asyncio
from collections.abc import Sequence

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.wechat import WeChat
from bot.channels.wechat_hearing import Heard
from bot.channels.wechat_seal import Rejected
from bot.core.messages import Incoming
from bot.runner import Done
from bot.web.site import Site
from storage.outbox import Parcel

IN_TIME = 4.5
"""Seconds until an exchange is given up: WeChat cuts it after 5. Its answer is pushed then."""
AGAIN, TRIES = 5.0, 60
"""Seconds between tries to write down what was given up and then failed, and how many."""
LARGEST_BODY = 64 * 1024
"""Bytes; a message with its longest text and its seal is below 20 KB."""
log = structlog.get_logger()


class WeChatHook:
    """`/wechat`, for one channel of one site."""

    def __init__(
        self, site: Site, channel: WeChat, in_time: float = IN_TIME, again: float = AGAIN
    ) -> None:
        self._site = site
        self._channel = channel
        self._in_time = in_time
        self._again = again
        self._late: set[asyncio.Task[None]] = set()

    def routes(self) -> list[Route]:
        """The two requests WeChat makes."""
        return [
            Route("/wechat", self.verify, methods=["GET"]),
            Route("/wechat", self.receive, methods=["POST"]),
        ]

    async def verify(self, request: Request) -> Response:
        """GET: WeChat asks whether this is our address."""
        try:
            return PlainTextResponse(self._channel.echo(request.query_params))
        except Rejected as no:
            return _rejected(no)

    async def receive(self, request: Request) -> Response:
        """POST: one delivery. `success` where there is nothing to say now."""
        try:
            heard = self._channel.hear(request.query_params, await _body(request))
        except Rejected as no:
            return _rejected(no)
        if heard is None:
            return PlainTextResponse("success")
        try:
            done = await self._in_time_or_none(heard.incoming)
        except Exception:
            # Nothing was written down: WeChat shall deliver it again.
            log.exception("message not taken", key=heard.incoming.key)
            return PlainTextResponse("try again", 503)
        return self._answer(request, heard, done)

    async def _in_time_or_none(self, incoming: Incoming) -> Done | None:
        hearing = asyncio.ensure_future(self._site.runner.hear(incoming))
        await asyncio.wait({hearing}, timeout=self._in_time)
        if hearing.done():
            return hearing.result()
        late = asyncio.create_task(self._finish(hearing, incoming))
        self._late.add(late)  # nobody else holds it
        late.add_done_callback(self._late.discard)
        return None

    async def _finish(self, hearing: asyncio.Future[Done], incoming: Incoming) -> None:
        """WeChat was told `success` and will not repeat the message: it is ours to keep trying."""
        for _ in range(TRIES):
            try:
                await hearing
                return
            except Exception:
                log.exception("message not taken yet", key=incoming.key)
            await asyncio.sleep(self._again)
            hearing = asyncio.ensure_future(self._site.runner.hear(incoming))

    def _answer(self, request: Request, heard: Heard, done: Done | None) -> Response:
        replies = done.replies if done else ()
        body, count = self._channel.reply(request.query_params, heard, replies)
        after = BackgroundTask(self._settle, replies[:count], replies[count:])
        if not count:
            return PlainTextResponse("success", background=after)
        return Response(body, media_type="application/xml", background=after)

    async def _settle(self, carried: Sequence[Parcel], rest: Sequence[Parcel]) -> None:
        if carried:
            self._site.postman.arrived(carried)
        if rest:
            await self._site.postman.no_room(rest)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise Rejected(413, "body too large")
    return bytes(body)


def _rejected(no: Rejected) -> Response:
    log.warning("webhook rejected", status=no.status, reason=no.reason)
    return PlainTextResponse(no.reason, no.status)
