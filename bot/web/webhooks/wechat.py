"""The webhook of the WeChat account: proves, hears, answers within the platform's five seconds."""

from collections.abc import Sequence

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.base import Report
from bot.channels.tencent.crypto import Rejected
from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.incoming import Heard
from bot.runtime.runner import Done
from bot.web.services import Site
from bot.web.webhooks.hook import (
    AGAIN,
    IN_TIME,
    SILENCE,
    TRY_AGAIN,
    Hearing,
    Hook,
    body_of,
    build_rejection,
)
from storage.delivery.outbox import Parcel

log = structlog.get_logger()


class WeChatHook(Hook):
    """`/wechat`, for one channel of one site."""

    def __init__(
        self,
        site: Site,
        channel: WeChat,
        in_time: float = IN_TIME,
        again: float = AGAIN,
        silence: float = SILENCE,
    ) -> None:
        super().__init__("/wechat", channel)
        self._site = site
        self._channel = channel
        self._hearing = Hearing(site, in_time, again, silence)

    async def receive(self, request: Request) -> Response:
        """POST: one delivery. `success` where there is nothing to say now."""
        try:
            heard = self._channel.hear(request.query_params, await body_of(request))
        except Rejected as no:
            return build_rejection(no)
        if heard is None:
            return PlainTextResponse("success")
        if isinstance(heard, Report):
            return await self._take_report(heard)
        try:
            done = await self._hearing.of(heard.incoming)
        except Exception:
            log.exception("message not taken", key=heard.incoming.key)
            return TRY_AGAIN
        return TRY_AGAIN if done is None else self._answer(request, heard, done)

    async def _take_report(self, report: Report) -> Response:
        try:
            await self._site.postman.take_report(report)
        except Exception:
            log.exception("report not taken", key=report.key)
            return TRY_AGAIN
        return PlainTextResponse("success")

    def _answer(self, request: Request, heard: Heard, done: Done) -> Response:
        replies = done.replies
        body, count = self._channel.reply(request.query_params, heard, replies)
        after = BackgroundTask(self._settle, replies[:count], replies[count:])
        if not count:
            return PlainTextResponse("success", background=after)
        return Response(body, media_type="application/xml", background=after)

    async def _settle(self, carried: Sequence[Parcel], rest: Sequence[Parcel]) -> None:
        if carried:
            self._site.postman.mark_arrived(carried)
        if rest:
            await self._site.postman.no_room(rest)
