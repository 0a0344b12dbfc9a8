"""Keeps to Telegram's pace: so many messages a second in all, for one chat, for one group.

Source: the platform's FAQ on broadcasting; faster senders get 429.
"""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.channels.base import Undeliverable
from bot.clock import monotonic

ALL, ONE_CHAT, ONE_GROUP = (30, 1.0), (1, 1.0), (20, 60.0)
"""How many within how many seconds."""
REMEMBERED = 2000
"""Chats after which those that are long quiet are forgotten."""
NOTHING = 0.001
"""Seconds not worth waiting for."""


class Pace:
    """For all chats of one bot. `now` is in seconds and never goes back."""

    def __init__(
        self,
        now: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._all = _Window(*ALL)
        self._chats: dict[str, tuple[_Window, ...]] = {}
        self._held: dict[str, float] = {}

    async def turn(self, chat: str, patience: float = math.inf) -> None:
        """Wait until a message for this chat may leave; others may leave meanwhile.

        Raises Undeliverable where that is more than `patience` seconds away: it says when to come
        back, to each who asks a later moment, so that a long queue does not come back at once.
        """
        while (wait := self._wait(chat)) > NOTHING:
            if wait > patience:
                later = max(window.promise(self._now()) for window in self._chats[chat])
                again = timedelta(seconds=max(wait, later))
                raise Undeliverable(
                    "delivery.busy", "our own pace", retry_after=again, counts=False
                )
            await self._sleep(wait)
        # First come, first served: nobody is passed by others until the postman loses patience.
        await self._until(self._all.reserve_moment(self._now()))
        for window in self._chats.get(chat, ()):
            window.times[-1] = self._now()

    async def _until(self, moment: float) -> None:
        while (wait := moment - self._now()) > NOTHING:
            await self._sleep(wait)

    def hold(self, chat: str, seconds: float) -> None:
        """The platform asks for silence in this chat for so long, whoever wants to write there."""
        self._held[chat] = self._now() + seconds

    def _wait(self, chat: str) -> float:
        now = self._now()
        windows = self._of(chat, now)
        silence = self._held.get(chat, now) - now
        if silence <= NOTHING:
            self._held.pop(chat, None)
        wait = max(silence, *(window.wait(now) for window in windows))
        if wait <= NOTHING:
            for window in windows:
                window.times.append(now)
        return wait

    def _of(self, chat: str, now: float) -> "tuple[_Window, ...]":
        if len(self._chats) > REMEMBERED:
            self._chats = {
                name: windows
                for name, windows in self._chats.items()
                if not all(window.is_quiet(now) for window in windows)
            }
        if chat not in self._chats:
            limits = (ONE_CHAT, ONE_GROUP) if chat.startswith("-") else (ONE_CHAT,)
            self._chats[chat] = tuple(_Window(*limit) for limit in limits)
        return self._chats[chat]


class _Window:
    """The last times, of which no more than `limit` may lie within `span` seconds."""

    def __init__(self, limit: int, span: float) -> None:
        self.times: deque[float] = deque(maxlen=limit)
        self._promised: deque[float] = deque()
        self._limit = limit
        self._span = span

    def wait(self, now: float) -> float:
        full = len(self.times) == self.times.maxlen
        return self.times[0] + self._span - now if full else 0.0

    def reserve_moment(self, now: float) -> float:
        """The next moment that is nobody's yet; from now on it is the asker's."""
        at = now + max(self.wait(now), 0.0)
        self.times.append(at)
        return at

    def promise(self, now: float) -> float:
        """Seconds until somebody may come who has let go before all that were promised earlier."""
        while self._promised and self._promised[0] <= now:
            self._promised.popleft()
        taken = [*self.times, *self._promised]
        free = taken[-self._limit] + self._span if len(taken) >= self._limit else now
        self._promised.append(max(free, now))
        return self._promised[-1] - now

    def is_quiet(self, now: float) -> bool:
        return not self.times or self.times[-1] + self._span < now
