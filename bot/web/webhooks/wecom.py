"""The webhook of the WeCom app: proves, hears, and turns tapped cards into what was chosen."""

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.base import Undeliverable
from bot.channels.tencent.crypto import Rejected
from bot.channels.wecom.cards import Button
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.incoming import Tap
from bot.core.messages import Content, Event, Incoming, Kind
from bot.runtime.runner import Done
from bot.web.services import Site
from bot.web.webhooks.hook import TRY_AGAIN, Hearing, Hook, body_of, build_rejection

log = structlog.get_logger()


class WeComHook(Hook):
    """`/wecom`, for one channel of one site. Its answers are empty: all words are pushed, for a
    card cannot go with a passive reply."""

    def __init__(self, site: Site, channel: WeCom) -> None:
        super().__init__("/wecom", channel)
        self._site = site
        self._channel = channel
        self._hearing = Hearing(site)

    async def receive(self, request: Request) -> Response:
        """POST: one delivery."""
        try:
            heard = self._channel.hear(request.query_params, await body_of(request))
        except Rejected as no:
            return build_rejection(no)
        if heard is None:
            return PlainTextResponse("")
        try:
            if isinstance(heard, Tap):
                return await self._handle_tap(heard)
            done = await self._hearing.of(heard)
        except Exception:
            log.exception("message not taken", key=heard.key)
            return TRY_AGAIN
        return TRY_AGAIN if done is None else PlainTextResponse("")

    async def _handle_tap(self, tap: Tap) -> Response:
        button = await self._channel.button(tap, self._site.clock.now())
        if button is None or not (button.action or button.number):
            log.warning("card refused", user=tap.address.user, task=tap.task)
            words = self._site.texts.render("wecom.void", {})
            return PlainTextResponse("", background=BackgroundTask(self._use_up_card, tap, words))
        done = await self._hearing.of(self._build_incoming(tap, button))
        if done is None:
            return TRY_AGAIN
        return PlainTextResponse("", background=BackgroundTask(self._show, tap, button, done))

    def _build_incoming(self, tap: Tap, button: Button) -> Incoming:
        """What the button means; of a card too old to act, a look at its issue."""
        if button.action is None:
            return _view(tap, button.number)
        said = self._site.texts.phrase(button.action)
        content = Content(Kind.EVENT, said, event=Event.CLICK)
        kept, action = button.media_id, button.action
        return Incoming(tap.key, tap.address, content, tap.sent_at, kept=kept, action=action)

    async def _show(self, tap: Tap, button: Button, done: Done) -> None:
        """The card says what was chosen. Where it cannot and the tap said nothing new, the person
        gets a fresh card of the issue."""
        key = "wecom.chosen" if button.action else "wecom.void"
        words = self._site.texts.render(key, {"label": button.label})
        words = done.overtaken or words
        shown = await self._use_up_card(tap, words)
        if not shown and not done.fresh and button.number:
            await self._site.runner.hear(_view(tap, button.number))

    async def _use_up_card(self, tap: Tap, words: str) -> bool:
        try:
            await self._channel.use_up(tap, words)
        except Undeliverable as trouble:
            log.info(
                "card not updated", task=tap.task, reason=trouble.reason, detail=trouble.detail
            )
            return False
        return True


def _view(tap: Tap, number: str) -> Incoming:
    """As if the person had typed the issue's number, once for each tap."""
    key = f"{tap.key}:view:{int(tap.sent_at.timestamp())}"
    return Incoming(key, tap.address, Content(Kind.TEXT, number), tap.sent_at)
