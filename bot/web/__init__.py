"""The bot's pages and webhooks: requests in, channels' answers out."""

from collections.abc import Mapping
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from bot.channels import Channel
from bot.clock import Clock
from bot.core.house import House
from bot.fetcher import Fetcher
from bot.postman import Postman
from bot.runner import Runner
from bot.settings import Settings
from bot.texts import Texts
from bot.timekeeper import Timekeeper
from bot.web.health import healthz
from storage.database import Database
from storage.files import MediaFolder


class Site(Protocol):
    """What the pages need of the application."""

    settings: Settings
    clock: Clock
    house: House
    texts: Texts
    database: Database
    folder: MediaFolder
    channels: dict[str, Channel]
    runner: Runner
    postman: Postman
    fetcher: Fetcher
    timekeeper: Timekeeper


def build(site: Site, lifespan: Any) -> Starlette:
    """The web application of a site: only the routes of the channels that are switched on."""
    web = Starlette(routes=_routes(site.channels), lifespan=lifespan)
    web.state.site = site
    return web


def _routes(channels: Mapping[str, Channel]) -> list[BaseRoute]:
    return [Route("/healthz", healthz)]
