"""The composition root: the only file that knows everyone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette

import schedules
from bot import demo, texts
from bot.channels.base import Channel, Listening, Source
from bot.channels.local import Local
from bot.classifier.models import Learning
from bot.classifier.names import Naming
from bot.clock import Clock, MovableClock, SystemClock
from bot.core.people import Role
from bot.delivery.fetcher import Fetcher
from bot.delivery.painter import Press
from bot.delivery.postman import Postman
from bot.runtime.fast_forward import FastForward
from bot.runtime.learner import Learner
from bot.runtime.releaser import Releaser
from bot.runtime.runner import Runner
from bot.runtime.timekeeper import Timekeeper
from bot.settings import Settings
from bot.web.app import build
from storage.database import Database
from storage.leaders.digests import SOURCE
from storage.media.files import MediaFolder
from storage.migrate import migrate
from storage.writers import writer_for


class App:
    """Everything wired together, from settings. `start` and `stop` belong to one event loop."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        *,
        channels: dict[str, Channel] | None = None,
        durable: bool = True,
    ) -> None:
        """`channels` stand in for those of the settings; only what is thrown away in the end, such
        as a rehearsal, need not be `durable`."""
        self.settings = settings
        self.clock = clock or (MovableClock() if settings.channels.local.demo else SystemClock())
        self.park = settings.build_park()
        self.texts = texts.load(settings.zone, settings.texts)
        self.database = Database(settings.storage.url, durable=durable)
        self.folder = MediaFolder(settings.storage.media)
        self.writer = writer_for(self.database)
        self.channels = self._channels() if channels is None else channels
        self.postman = Postman(self.writer, self.clock, self.park, self.texts, self.channels)
        sources: dict[str, Source] = {**self.channels, SOURCE: Press(self.database, self.texts)}
        self.fetcher = Fetcher(self.writer, self.clock, sources, self.folder)
        self.learning = Learning(settings.taxonomy, settings.storage.models, settings.talk.examples)
        self.naming = Naming()
        self.runner = Runner(
            self.writer,
            self.clock,
            self.park,
            self.texts,
            self.learning,
            self.naming,
            self._wake,
        )
        timetable = schedules.timetable(settings.timetable.changes())
        self.timekeeper = Timekeeper(self.runner, self.clock, settings.zone, timetable)
        self.releaser = Releaser(self.database, self.clock, self.runner)
        self.learner = Learner(self.database, self.writer, self.clock, self.learning, self.runner)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Migrate, wake everyone, catch up with the clock."""
        await asyncio.to_thread(migrate, self.database)
        if self.settings.channels.local.demo:
            await asyncio.to_thread(self._settle_demo)
        await asyncio.to_thread(self.learning.first)
        await asyncio.to_thread(self.learning.acts.first)
        await asyncio.to_thread(self._learn_names)
        for channel in self.channels.values():
            await channel.start()

    async def work(self) -> None:
        """Let the postman, the fetcher and the clock run on their own."""
        self._tasks = [
            asyncio.create_task(self.postman.run(), name="postman"),
            asyncio.create_task(self.fetcher.run(), name="fetcher"),
            asyncio.create_task(self.learner.run(), name="learner"),
            asyncio.create_task(self.releaser.run(), name="releaser"),
        ]
        self._tasks += [
            asyncio.create_task(channel.listen(self.runner.hear), name=channel.name)
            for channel in self.channels.values()
            if isinstance(channel, Listening)
        ]
        await self.timekeeper.start()

    async def advance(self, moment: datetime) -> None:
        """Turn the clock forward to `moment`; only an app with a movable clock can."""
        await self.forward.to(moment)

    @property
    def forward(self) -> FastForward:
        """What turns the clock of an app that has a movable one."""
        assert isinstance(self.clock, MovableClock), "only a movable clock can be turned"
        return FastForward(self.clock, self.database, self.timekeeper, self.releaser, self.postman)

    async def stop(self) -> None:
        """Finish what was begun; what is unsent stays in the outbox."""
        self.timekeeper.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for channel in self.channels.values():
            await channel.stop()
        await asyncio.to_thread(self.writer.close)
        self.database.close()

    def _wake(self) -> None:
        self.postman.wake()
        self.fetcher.wake()
        self.releaser.wake()

    def _channels(self) -> dict[str, Channel]:
        channels: dict[str, Channel] = {}
        if self.settings.channels.local.enabled:
            staff = (
                phone.handle for phone in demo.phones() if phone.role not in (None, Role.CONTACT)
            )
            channels["local"] = Local(self.folder, frozenset(staff))
        if self.settings.channels.wechat.enabled:
            # wechatpy is dear to import: only where the channel is switched on.
            from bot.channels.wechat.channel import WeChat

            given = self.settings.channels.wechat
            channels["wechat"] = WeChat(given, self.folder, self.writer, texts=self.texts)
        if self.settings.channels.telegram.enabled:
            channels["telegram"] = self._telegram()
        if self.settings.channels.wecom.enabled:
            from bot.channels.wecom.channel import WeCom

            name = self.settings.park.name
            channels["wecom"] = WeCom(
                self.settings.channels.wecom, self.folder, self.writer, group_name=name
            )
        return channels

    def _telegram(self) -> Channel:
        # So is python-telegram-bot.
        from bot.channels.telegram.channel import Telegram

        return Telegram(
            self.settings.channels.telegram,
            self.folder,
            self.writer,
            self.clock,
            self.texts,
            address=self.settings.server.base_url,
            good_for=self.park.limits.menu,
        )

    def _learn_names(self) -> None:
        with self.database.read() as db:
            self.naming.index(db)

    def _settle_demo(self) -> None:
        with self.database.write() as db:
            demo.settle(db)


def serve(settings: Settings, clock: Clock | None = None) -> Starlette:
    """The web application, which starts and stops the bot with itself."""
    app = App(settings, clock)

    @asynccontextmanager
    async def lifespan(_web: Starlette) -> AsyncIterator[None]:
        await app.start()
        await app.work()
        yield
        await app.stop()

    return build(app, lifespan)
