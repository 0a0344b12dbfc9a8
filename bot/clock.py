"""The only place that reads the time; the phones page may move it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whoever can say what time it is."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that runs like the machine's, from wherever it was last set.

    Serves the phones page (快进) and, standing still with `frozen`, tests and rehearsals.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._frozen = frozen
        self._offset = timedelta(0)
        self._at = start or datetime.now(UTC)
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        return self._at if self._frozen else datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Stand at `moment` (aware) from now on."""
        self._at = moment.astimezone(UTC)
        self._offset = self._at - datetime.now(UTC)

    def reset(self) -> None:
        """Back to the machine's own time."""
        self._at, self._offset = datetime.now(UTC), timedelta(0)


def monotonic() -> float:
    """Seconds on a clock that never goes back; for time-outs, never for dates."""
    return time.monotonic()
