"""The bot's pages and webhooks: requests in, channels' answers out."""

from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from bot.channels.local import Local
from bot.web import calendars, enclosed, papers
from bot.web.board import BoardPage
from bot.web.health import healthz
from bot.web.phones import PhonesPage
from bot.web.site import Site


def build(site: Site, lifespan: Any) -> Starlette:
    """The web application of a site: only the routes of the channels that are switched on."""
    web = Starlette(routes=_routes(site), lifespan=lifespan)
    web.state.site = site
    return web


def _routes(site: Site) -> list[BaseRoute]:
    routes: list[BaseRoute] = [Route("/healthz", healthz), *calendars.routes(site)]
    routes += papers.routes(site)
    routes += enclosed.routes(site)
    routes += BoardPage(site).routes()
    local = site.channels.get("local")
    if isinstance(local, Local):
        routes += PhonesPage(site, local).routes()
    wechat = site.channels.get("wechat")
    if wechat is not None:
        # wechatpy is dear to import: only where the channel is switched on.
        from bot.channels.wechat import WeChat
        from bot.web.wechat import WeChatHook

        assert isinstance(wechat, WeChat)
        routes += WeChatHook(site, wechat).routes()
    telegram = site.channels.get("telegram")
    if telegram is not None:
        from bot.channels.telegram import Telegram
        from bot.web.telegram import TelegramHook

        assert isinstance(telegram, Telegram)
        routes += TelegramHook(site, telegram).routes()
    wecom = site.channels.get("wecom")
    if wecom is not None:
        from bot.channels.wecom import WeCom
        from bot.web.wecom import WeComHook

        assert isinstance(wecom, WeCom)
        routes += WeComHook(site, wecom).routes()
    return routes
