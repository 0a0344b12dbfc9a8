"""What the pages need of the application."""

from datetime import datetime
from typing import Protocol

from bot.channels import Channel
from bot.clock import Clock
from bot.core.house import House
from bot.fetcher import Fetcher
from bot.learning import Learning
from bot.naming import Naming
from bot.postman import Postman
from bot.runner import Runner
from bot.settings import Settings
from bot.texts import Texts
from bot.timekeeper import Timekeeper
from storage.database import Database
from storage.files import MediaFolder


class Site(Protocol):
    """The application, seen from the web."""

    settings: Settings
    clock: Clock
    house: House
    learning: Learning
    naming: Naming
    texts: Texts
    database: Database
    folder: MediaFolder
    channels: dict[str, Channel]
    runner: Runner
    postman: Postman
    fetcher: Fetcher
    timekeeper: Timekeeper

    async def advance(self, moment: datetime) -> None:
        """Turn a movable clock forward, doing what falls due on the way."""
        ...
