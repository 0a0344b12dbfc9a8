"""The webhook of the Telegram bot: proves, hears, answers when what was said is written down."""

import json
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.incoming import UpdateError
from bot.web.services import Site

LARGEST_BODY = 256 * 1024
"""Bytes; an update with the longest text and the card it answers is below 64 KB."""
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
log = structlog.get_logger()


class _Rejected(Exception):  # noqa: N818 - an outcome
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class TelegramHook:
    """`/telegram`, for one channel of one site."""

    def __init__(self, site: Site, channel: Telegram) -> None:
        self._site = site
        self._channel = channel

    def routes(self) -> list[Route]:
        """The one request Telegram makes."""
        return [Route("/telegram", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """POST: one update. Until the answer is 200 the platform delivers it again."""
        try:
            if not self._channel.is_telegram(request.headers.get(SECRET)):
                raise _Rejected(403, "wrong secret")
            update = await _update(request)
            await self._channel.take(update, self._site.runner.hear)
        except UpdateError:
            return _build_rejection(_Rejected(400, "no update"))
        except _Rejected as no:
            return _build_rejection(no)
        except Exception:
            log.exception("update not taken")
            return PlainTextResponse("try again", 503)
        return PlainTextResponse("ok")


async def _update(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise _Rejected(413, "body too large")
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        raise _Rejected(400, "no JSON") from None
    if not isinstance(update, dict):
        raise _Rejected(400, "no update")
    return update


def _build_rejection(no: _Rejected) -> Response:
    log.warning("webhook rejected", status=no.status, reason=no.reason)
    return PlainTextResponse(no.reason, no.status)
