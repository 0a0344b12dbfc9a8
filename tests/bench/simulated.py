"""A clock and an event loop on which an hour passes as soon as nothing else is to be done."""

import asyncio
import selectors
from datetime import datetime, timedelta
from typing import Any


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time does not pass but jumps to when something is next to be done. All
    that it runs must stay in its own thread."""

    def __init__(self) -> None:
        super().__init__(_Jumper(self))
        self.jumped = 0.0

    def time(self) -> float:
        """Seconds since the beginning."""
        return self.jumped


class _Jumper(selectors.DefaultSelector):
    """Does not wait: the time that would have been waited has passed."""

    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        found = super().select(0)
        if not found and timeout:
            self._loop.jumped += timeout
        return found


class LoopClock:
    """The bot's clock, which goes with that loop."""

    def __init__(self, loop: JumpingLoop, start: datetime) -> None:
        self._loop = loop
        self._start = start

    def now(self) -> datetime:
        """The moment, aware."""
        return self._start + timedelta(seconds=self._loop.time())
