"""Keeps our own sends to one person within what a platform takes in a span of time."""

import threading
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.channels.base import Undeliverable

Limit = tuple[int, timedelta]


class Throttle:
    """Counts in memory what this process sends; what the outbox knows of other processes and of
    the time before a restart is given with each question."""

    def __init__(self, *limits: Limit) -> None:
        """`limits`: at most so many sends in any span of this length."""
        self._limits = limits
        self.longest = max(span for _most, span in limits)
        self._sent: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._lock = threading.Lock()

    def take(self, user: str, now: datetime, settled: Sequence[datetime] = ()) -> None:
        """Count one send to this person. Raises Undeliverable, with the time to wait, instead of
        letting the platform drop it. `settled`: when earlier messages went, oldest first."""
        with self._lock:
            mine = self._sent[user]
            while mine and mine[0] <= now - self.longest:
                mine.popleft()
            wait = max(
                self._wait(sends, now, limit) for sends in (mine, settled) for limit in self._limits
            )
            if wait:
                raise Undeliverable(
                    "delivery.busy", "our own limit", retry_after=wait, counts=False
                )
            mine.append(now)

    @staticmethod
    def _wait(sent: Sequence[datetime], now: datetime, limit: Limit) -> timedelta:
        most, span = limit
        if len(sent) < most:
            return timedelta(0)
        return max(sent[-most] + span - now, timedelta(0))
