"""A progress bar for work that may be long: it comes after two seconds, and only at a terminal."""

from threading import Timer
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress

PATIENCE = 2.0
"""Seconds before the bar is shown."""


class LateBar:
    """Shows nothing at all when the work is done sooner, or when nobody watches."""

    def __init__(
        self, title: str, console: Console | None = None, patience: float = PATIENCE
    ) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(console=self._console, transient=True)
        # Without a total it only moves: nobody knows how far the reading of a file is.
        self._task = self._progress.add_task(title, total=None)
        self._timer = Timer(patience, self._progress.start)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._timer.start()
        return self

    def step(self, done: int, total: int) -> None:
        """So much is done, of so much."""
        self._progress.update(self._task, completed=done, total=total)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer.is_alive():
            self._timer.cancel()
            self._timer.join()
        if self._progress.live.is_started:
            self._progress.stop()
