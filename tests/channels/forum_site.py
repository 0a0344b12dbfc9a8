"""The whole app with a staff group on Telegram, in this process, and people who talk there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.app import App
from bot.channels.telegram.api import Api
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pace import Pace
from bot.clock import MovableClock
from bot.core.issues.issue import Issue
from bot.core.messages import Address
from bot.settings import load
from storage.delivery import threads
from storage.issues import issues
from tests.channels.telegram_site import QUICK, FakeTime, environment, person
from tests.channels.wechat_site import MONDAY, ROOT
from tests.peers.fake_forum import BOT, FakeForum, Topic, read
from tests.peers.telegram_emulator import TOKEN, Bubble

GROUP, OTHER_GROUP = -1001234, -1009999
CONTACT, LIAISON, DUTY, STRANGER = 1001, 2002, 4004, 3003
FIRST = "YZ-20241014-001"
_ids = count(9000)


@dataclass
class ForumSite:
    """An app, the platform it speaks to, and the ways people use it."""

    app: App
    channel: Telegram
    clock: MovableClock
    fake: FakeForum
    time: FakeTime

    async def say(self, user: int, text: str, **more: Any) -> None:
        """Words typed in a private chat."""
        chat = {"id": user, "type": "private", "first_name": "Somebody"}
        await self.update({"message": self.message(user, chat, text=text, **more)})

    async def write(self, user: int, text: str = "", *, on: str = FIRST, **more: Any) -> None:
        """Words typed in the topic of an issue."""
        await self.update({"message": self.in_topic(user, on, text, **more)})

    async def shout(self, user: int, text: str, *, group: int = GROUP) -> None:
        """Words typed in a group outside of its topics."""
        await self.update({"message": self.message(user, _group(group), text=text)})

    def in_topic(self, user: int, number: str, text: str = "", **more: Any) -> dict[str, Any]:
        """A message of a topic as the platform reports it."""
        where = {"message_thread_id": self.fake.topic_id(number), "is_topic_message": True}
        words = {"text": text} if text else {}
        return self.message(user, _group(GROUP), **where, **words, **more)

    async def tap(self, user: int, label: str, *, on: str = FIRST) -> None:
        """A button of the newest card in a topic that has it, tapped."""
        bubble = self.card(label, on=on)
        await self.press(user, bubble.buttons[label], bubble)

    async def press(self, user: int, data: str, bubble: Bubble, *, group: int = GROUP) -> None:
        """A button with this data, tapped in a group."""
        card = self.message(user, _group(group), text=bubble.text, message_id=bubble.id)
        query = {"id": str(next(_ids)), "from": person(user), "chat_instance": "1", "data": data}
        await self.update({"callback_query": {**query, "message": {**card, "from": BOT}}})

    async def update(self, body: dict[str, Any]) -> None:
        """One update, heard and answered, everybody's post carried."""
        update = read("update", {"update_id": next(_ids), **body})
        await self.channel.take(update, self.app.runner.hear)
        await self.carry()

    async def carry(self) -> None:
        """Everything that is due leaves, cards are rewritten."""
        await self.app.postman.drain()
        await asyncio.gather(*self.channel._background)

    async def later(self, wait: timedelta) -> None:
        """Time goes by, for people and for the platform."""
        self.clock.set(self.clock.now() + wait)
        self.time.seconds += wait.total_seconds()
        await self.carry()

    def message(self, user: int, chat: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A message as the platform reports it."""
        at = int(self.clock.now().timestamp())
        return {"message_id": next(_ids), "date": at, "chat": chat, "from": person(user), **more}

    def card(self, label: str, *, on: str = FIRST) -> Bubble:
        """The newest message of a topic with this button."""
        bubbles = reversed(self.topic(on).bubbles)
        return next(bubble for bubble in bubbles if label in bubble.buttons)

    def topic(self, number: str = FIRST) -> Topic:
        """The topic of an issue."""
        return self.fake.topic(number)

    def list_topic_texts(self, number: str = FIRST) -> list[str]:
        """The words that the bot said in the topic of an issue."""
        return [bubble.text for bubble in self.topic(number).bubbles]

    def settle(self, user: int, handle: str) -> None:
        """The user is the person of this phone of the demo park."""
        with self.app.database.write() as db:
            local = threads.by_address(db, Address("local", handle))
            assert local is not None
            mine = threads.open_thread(db, Address("telegram", str(user)), local.person_id)
            now = self.clock.now()
            threads.change(db, mine.id, welcomed_at=now, consented_at=now, heard_at=now)

    def issue(self, issue_id: int = 1) -> Issue:
        """An issue as it stands."""
        with self.app.database.read() as db:
            return issues.get(db, issue_id)


def _group(group: int) -> dict[str, Any]:
    return {"id": group, "type": "supergroup", "title": "Staff", "is_forum": True}


@asynccontextmanager
async def start_site(
    folder: Path, fake: FakeForum, *, group: int = GROUP
) -> AsyncIterator[ForumSite]:
    """The app, started; a contact, a liaison and the duty desk are on Telegram. The postman and
    the clock work only when a test tells them to."""
    clock, time = MovableClock(MONDAY, frozen=True), FakeTime()
    given = environment(folder, fake.base, "polling", "http://127.0.0.1:1")
    given["EXCHANGE_CHANNELS__TELEGRAM__STAFF_GROUP"] = str(group)
    app = App(load(ROOT / "config.toml", given), clock)
    channel = app.channels["telegram"]
    assert isinstance(channel, Telegram)
    await channel._api.close()
    channel._api = Api(TOKEN, fake.base, QUICK)
    channel._pace, channel._again = Pace(time.now, time.sleep), 0.01
    fake.now = time.now
    await app.start()
    site = ForumSite(app, channel, clock, fake, time)
    for user, handle in ((CONTACT, "hengyu"), (LIAISON, "zhao"), (DUTY, "duty")):
        site.settle(user, handle)
    yield site
    await app.stop()
