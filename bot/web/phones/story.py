"""Plays the example story (播放示例) on the phones, typing only what a person could type."""

import asyncio
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import structlog

from bot import demo
from bot.channels.local import Local
from bot.clock import monotonic
from bot.core.days.working_hours import WorkingHours
from bot.core.messages import Content, Kind
from bot.demo import Phone
from bot.web.phones.clock_page import Traveller
from bot.web.phones.roster import Roster
from bot.web.phones.screens import Screens, sortable
from bot.web.phones.sending import deliver
from bot.web.services import Site

PATIENCE = 12.0
"""Seconds that words may take to arrive before the story is given up."""
LOOK = 0.1
ENOUGH = timedelta(hours=2)
"""Working time the story wants before the office closes."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Step:
    """One act: wait until `after` is on the phone, let `minutes` pass on the demo's clock, then say
    words or choose a menu's line."""

    phone: str
    minutes: int = 0
    after: str = ""
    say: str = ""
    choose: str = ""


class Lost(Exception):  # noqa: N818 - the story is told how it ended
    """The story does not go on: words that it waits for did not come."""


class Story:
    """At most one telling at a time."""

    def __init__(self, site: Site, local: Local, roster: Roster, traveller: Traveller) -> None:
        self._site = site
        self._local = local
        self._roster = roster
        self._traveller = traveller
        self._telling: asyncio.Task[None] | None = None
        self._began: str = ""
        self._playing = False
        self._at = 0
        self._ending = ""

    def play(self, pace: float) -> bool:
        """Begin, with `pace` seconds between two steps; False while it is being told."""
        if self._playing:
            return False
        self._playing, self._at, self._ending = True, 0, ""
        self._telling = asyncio.create_task(self._tell(pace), name="story")
        return True

    def describe_state(self) -> dict[str, Any]:
        """How far it is, for the page."""
        return {
            "playing": self._playing,
            "at": self._at,
            "of": len(steps()),
            "ending": self._ending,
        }

    async def _tell(self, pace: float) -> None:
        try:
            await self._begin()
            for self._at, step in enumerate(steps(), start=1):
                await self._act(step)
                await asyncio.sleep(pace)
            self._ending = "told"
        except Lost as lost:
            log.warning("story lost", step=self._at, waited_for=str(lost))
            self._ending = "lost"
        except Exception:
            log.exception("story interrupted", step=self._at)
            self._ending = "interrupted"
        finally:
            self._playing = False
            self._local.wake_pages()

    async def _begin(self) -> None:
        """At night nobody is disturbed, so the story waits for the office to open."""
        now = self._site.clock.now()
        self._began = sortable(now)
        moment = _comfortable(now, self._site.park.hours)
        if moment > now:
            await self._traveller.on(moment)

    async def _act(self, step: Step) -> None:
        phone = self._roster.by_handle(step.phone)
        assert phone is not None
        if step.after:
            await self._until(lambda: self._has_arrived(phone, step.after), step.after)
        if step.minutes:
            await self._traveller.on(self._site.clock.now() + timedelta(minutes=step.minutes))
        text: str | None = step.say
        if step.choose:
            await self._until(lambda: self._find_input(phone, step.choose), step.choose)
            text = await asyncio.to_thread(self._find_input, phone, step.choose)
        assert text
        key = f"story-{secrets.token_hex(8)}"
        await deliver(self._site, self._local, phone, Content(Kind.TEXT, text), key)

    async def _until(self, true: Callable[[], object], what: str) -> None:
        deadline = monotonic() + PATIENCE
        while not await asyncio.to_thread(true):
            if monotonic() > deadline:
                raise Lost(what)
            await asyncio.sleep(LOOK)

    def _has_arrived(self, phone: Phone, words: str) -> bool:
        return any(
            words in text for item in self._list_bot_messages(phone) for text in item["texts"]
        )

    def _find_input(self, phone: Phone, label: str) -> str | None:
        """What to type for a menu's line: its digit in the newest menu, else the command."""
        for item in reversed(self._list_bot_messages(phone)):
            for option in item["options"]:
                if label in option["label"]:
                    return str(option["type"])
        return None

    def _list_bot_messages(self, phone: Phone) -> list[dict[str, Any]]:
        site = self._site
        with site.database.read() as db:
            screens = Screens(db, site.texts, self._local, site.park.quiet, site.clock.now())
            items = screens.of(phone)["items"]
        return [
            message
            for message in items
            if message["side"] == "bot" and message["at"] >= self._began
        ]


@cache
def steps() -> tuple[Step, ...]:
    """The story's acts, in order."""
    path = Path(demo.__file__).with_name("story.toml")
    return tuple(
        Step(**fields) for fields in tomllib.loads(path.read_text(encoding="utf-8"))["steps"]
    )


def _comfortable(now: datetime, hours: WorkingHours) -> datetime:
    """The next moment from which the office stays open for long enough."""
    for opens, closes in hours.openings(now):
        if closes - opens >= ENOUGH:
            return opens
    raise AssertionError("openings never end")
