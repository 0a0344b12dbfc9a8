"""Plays a transcript in Chinese through the whole app, on the local channel and a turned clock.

A line is one of:
    # words                          a comment
    [2024-10-14 周一 10:00] 王芳> …   王芳 writes at that moment (`[周二 09:00]` and `[10:05]` go on
                                     from the last one; without a time, five seconds have passed)
    王芳> ［图片］                    王芳 sends a picture
    王芳< …                          since 王芳 last wrote, a message with these words has come; if
                                     it has not, words that are held for some seconds leave first
    王芳✗ …                          no message with these words has come since then
    王芳✗                            nothing at all has come since then
    王芳< （附图）                    since then, a message with a picture has come
    （快进 2 小时）                   time passes; the clock does what falls due on the way
    （王芳 另有手机 王芳2）            王芳 is bound on a second phone as well, called 王芳2 here
    （王芳2 关注／王芳2 取消关注）      she comes back to, or leaves, the account on that phone
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import demo
from bot.app import App
from bot.channels.local import Local
from bot.channels.wording import with_options
from bot.clock import MovableClock
from bot.core.messages import Address, Content, Event, Incoming, Kind, Media
from storage.delivery import held_words, threads
from storage.delivery.outbox import Parcel
from tests.dialogues.mailbox import mailbox

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
_SAYS = re.compile(r"(?:\[(?P<at>[^]]+)\] ?)?(?P<who>[^<>✗\s]+)(?P<sign>[<>✗])\s?(?P<text>.*)")
_PASSES = re.compile(r"（快进 (?P<amount>\d+) ?(?P<unit>分钟|小时|天)）")
_SECOND = re.compile(r"（(?P<who>\S+) 另有手机 (?P<phone>\S+)）")
_COMES = re.compile(r"（(?P<who>\S+) (?P<what>关注|取消关注)）")
_UNITS = {"分钟": "minutes", "小时": "hours", "天": "days"}
_WEEKDAYS = "一二三四五六日"
TALKING_PACE = timedelta(seconds=5)


class Off(AssertionError):  # noqa: N818 - a plain word
    """The bot did not do what the transcript says."""


@dataclass
class Player:
    """One transcript on one app. The clock of the app must be a frozen MovableClock."""

    app: App
    read: dict[str, set[int]] = field(default_factory=dict)
    keys: Iterator[object] = field(default_factory=itertools.count)
    phones: dict[str, str] = field(default_factory=dict)
    """Second phones of the transcript, by name."""

    async def play(self, transcript: str, name: str) -> None:
        """Raises Off with the line's number."""
        for place, line in enumerate(transcript.splitlines(), start=1):
            try:
                await self._line(line.strip())
            except Off as error:
                raise Off(f"{name}:{place}: {line.strip()}\n{error}") from None

    async def _line(self, line: str) -> None:
        if not line or line.startswith("#"):
            return
        if passed := _PASSES.fullmatch(line):
            span = timedelta(**{_UNITS[passed["unit"]]: int(passed["amount"])})
            await self._advance(self._now + span)
            return
        if second := _SECOND.fullmatch(line):
            self._bind(second["who"], second["phone"])
            return
        if comes := _COMES.fullmatch(line):
            event = Event.SUBSCRIBE if comes["what"] == "关注" else Event.UNSUBSCRIBE
            await self._hear(self._handle(comes["who"]), Content(Kind.EVENT, event=event))
            return
        said = _SAYS.fullmatch(line)
        if not said:
            raise Off("this is no line of a transcript")
        await self._play_turn(said["at"], said["who"], said["sign"], said["text"].strip())

    async def _play_turn(self, at: str | None, who: str, sign: str, text: str) -> None:
        if at:
            await self._advance(self._moment(at, first=not self.read))
        if sign == ">":
            if not at:
                await self._advance(self._now + TALKING_PACE)
            await self._hear(self._handle(who), self._content(text))
            return
        told, found = self._find_told(who, text)
        if sign == "<" and not told and await self._wait_for_held_words():
            told, found = self._find_told(who, text)
        if sign == "<" and not told:
            raise Off("has not come; what has:\n" + "\n--\n".join(found))
        if sign == "✗" and (told if text else found):
            raise Off("should not have come:\n" + "\n--\n".join(found))

    def _find_told(self, who: str, text: str) -> tuple[bool, list[str]]:
        found = [_read(parcel) for parcel in self._news(self._handle(who))]
        return any(text in words for words in found), found

    async def _wait_for_held_words(self) -> bool:
        """What is not there yet may still be held: its seconds pass. False where nothing is."""
        with self.app.database.read() as db:
            due = held_words.next_due_at(db)
        if due is not None:
            await self._advance(due)
        return due is not None

    def _handle(self, name: str) -> str:
        return self.phones.get(name) or handle(name)

    def _bind(self, who: str, phone: str) -> None:
        """Another address of the same person, who keeps the rules of their first one."""
        self.phones[phone] = f"{handle(who)}-{len(self.phones) + 2}"
        local = self.app.channels[demo.CHANNEL]
        assert isinstance(local, Local)
        if not local.is_wechat(handle(who)):
            local._staff |= {self.phones[phone]}
        with self.app.database.write() as db:
            first = threads.by_address(db, Address(demo.CHANNEL, handle(who)))
            assert first is not None
            second = Address(demo.CHANNEL, self.phones[phone])
            made = threads.open_thread(db, second, first.person_id)
            told = {"welcomed_at": first.welcomed_at, "consented_at": first.consented_at}
            threads.change(db, made.id, **told)

    async def _hear(self, user: str, content: Content) -> None:
        self.read[user] = {parcel.id for parcel in self._parcels(user) if parcel.sent_at}
        done = await self.app.runner.hear(
            Incoming(
                key=f"play:{next(self.keys)}",
                address=Address(demo.CHANNEL, user),
                content=content,
                sent_at=self._now,
                slot=True,
            )
        )
        if done.fault:
            raise Off(f"the bot failed: {done.fault}")
        self.app.postman.mark_arrived(done.replies)
        await self.app.postman.drain()

    def _content(self, text: str) -> Content:
        if text != "［图片］":
            return Content(Kind.TEXT, text)
        name, mime = self.app.folder.put(PNG)
        return Content(Kind.IMAGE, media=Media(path=name, mime=mime))

    def _news(self, user: str) -> list[Parcel]:
        read = self.read.get(user, set())
        return [
            parcel for parcel in self._parcels(user) if parcel.sent_at and parcel.id not in read
        ]

    def _parcels(self, user: str) -> list[Parcel]:
        with self.app.database.read() as db:
            return mailbox(db, Address(demo.CHANNEL, user))

    async def _advance(self, to: datetime) -> None:
        """Minute by minute: the clock of the bot does what falls due on the way."""
        if to < self._now:
            raise Off(f"time does not go back from {self._now:%m-%d %H:%M} to {to:%m-%d %H:%M}")
        await self.app.advance(to)

    @property
    def _now(self) -> datetime:
        return self.app.park.local(self.app.clock.now())

    def _moment(self, at: str, *, first: bool) -> datetime:
        day, weekday, clock = _parts(at)
        hour, minute = map(int, clock.split(":"))
        moment = self._now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if day:
            moment = moment.replace(*map(int, day.split("-")))  # type: ignore[arg-type]
        elif weekday:
            ahead = (_WEEKDAYS.index(weekday) - moment.weekday()) % 7
            moment += timedelta(days=ahead)
            moment += timedelta(weeks=1) if moment < self._now else timedelta(0)
        if weekday and _WEEKDAYS[moment.weekday()] != weekday:
            raise Off(f"{moment:%Y-%m-%d} is 周{_WEEKDAYS[moment.weekday()]}")
        if first and isinstance(self.app.clock, MovableClock):
            self.app.clock.set(moment)  # a transcript begins when it says
        return moment


def _read(parcel: Parcel) -> str:
    """A message as the person sees it; one with a picture says so."""
    return with_options(parcel) + ("\n（附图）" if parcel.media_id is not None else "")


def handle(name: str) -> str:
    """The phone of somebody of the demo park."""
    for phone in demo.phones():
        if name in (phone.name, phone.handle):
            return phone.handle
    raise Off(f"nobody is called {name}")


def _parts(at: str) -> tuple[str | None, str | None, str]:
    found = re.fullmatch(r"(?:(\d{4}-\d\d-\d\d) ?)?(?:周([一二三四五六日]) ?)?(\d\d:\d\d)", at)
    if not found:
        raise Off(f"{at} is no moment")
    return found[1], found[2], found[3]
