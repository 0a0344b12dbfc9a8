"""What the pages need of the application."""

from datetime import datetime
from typing import Protocol

from bot.channels.base import Channel
from bot.classifier.models import Learning
from bot.classifier.names import Naming
from bot.clock import Clock
from bot.core.park.park import Park
from bot.delivery.fetcher import Fetcher
from bot.delivery.postman import Postman
from bot.runtime.runner import Runner
from bot.runtime.timekeeper import Timekeeper
from bot.settings import Settings
from bot.texts import Texts
from storage.database import Database
from storage.media.files import MediaFolder


class Site(Protocol):
    """The application, seen from the web."""

    settings: Settings
    clock: Clock
    park: Park
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
