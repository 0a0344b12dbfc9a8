"""The bot's pages and webhooks: requests in, channels' answers out."""

from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from bot.channels.local import Local
from bot.web.board.page import BoardPage
from bot.web.files import attachments, calendars, minutes, voucher_page
from bot.web.health import healthz
from bot.web.phones.page import PhonesPage
from bot.web.services import Site


def build(site: Site, lifespan: Any) -> Starlette:
    """The web application of a site: only the routes of the channels that are switched on."""
    web = Starlette(routes=_routes(site), lifespan=lifespan)
    web.state.site = site
    return web


def _routes(site: Site) -> list[BaseRoute]:
    routes: list[BaseRoute] = [Route("/healthz", healthz), *calendars.routes(site)]
    routes += minutes.routes(site)
    routes += attachments.routes(site)
    routes += voucher_page.routes(site)
    routes += BoardPage(site).routes()
    local = site.channels.get("local")
    if isinstance(local, Local):
        routes += PhonesPage(site, local).routes()
    wechat = site.channels.get("wechat")
    if wechat is not None:
        # wechatpy is dear to import: only where the channel is switched on.
        from bot.channels.wechat.channel import WeChat
        from bot.web.webhooks.wechat import WeChatHook

        assert isinstance(wechat, WeChat)
        routes += WeChatHook(site, wechat).routes()
    telegram = site.channels.get("telegram")
    if telegram is not None:
        from bot.channels.telegram.channel import Telegram
        from bot.web.webhooks.telegram import TelegramHook

        assert isinstance(telegram, Telegram)
        routes += TelegramHook(site, telegram).routes()
    wecom = site.channels.get("wecom")
    if wecom is not None:
        from bot.channels.wecom.channel import WeCom
        from bot.web.webhooks.wecom import WeComHook

        assert isinstance(wecom, WeCom)
        routes += WeComHook(site, wecom).routes()
    return routes
