"""Ears and mouths: what every channel can do, whatever platform it speaks to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from bot.core.messages import Incoming
from storage.delivery.outbox import Parcel
from storage.delivery.subjects import Subject, Topic
from storage.media.media import KeptMedia


class Undeliverable(Exception):  # noqa: N818 - an outcome that callers expect
    """The platform did not take it. `permanent`: trying again is useless; `hold`: nothing can be
    sent until the person writes again; else try again, not before `retry_after` has passed.
    `carried` parcels of the letter, from the first on, arrived nonetheless, at `cost` pushes.
    `apart`: what became of parcels that were tried another way, by id.
    What we hold back ourselves, the platform unasked, does not count among the tries (`counts`).

    `reason` is a key of the texts (`delivery.…`) that staff are shown; `detail` goes to the log
    and holds no secret.
    """

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        permanent: bool = False,
        hold: bool = False,
        retry_after: timedelta | None = None,
        counts: bool = True,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.permanent = permanent
        self.hold = hold
        self.retry_after = retry_after
        self.counts = counts
        self.carried = 0
        self.cost = 0
        self.apart: dict[int, Apart] = {}


@dataclass(frozen=True)
class Apart:
    """What became of a parcel that was tried another way; no `trouble`: it arrived, as far as the
    platform tells now. `report_id` is the name by which it may tell later that it did not."""

    trouble: Undeliverable | None = None
    report_id: str = ""


@dataclass(frozen=True)
class Report:
    """What the platform tells about a message that it had taken: why it did not reach the person,
    a key of the texts, None where it did. `key` is the once-key; `user` is the address."""

    key: str
    channel: str
    user: str
    report_id: str
    reason: str | None
    detail: str = ""


@dataclass(frozen=True)
class Reach:
    """How a thread can be reached: when its person last wrote and how often we sent since."""

    heard_at: datetime | None
    sends: int
    left: bool = False
    """They have left or blocked us: nothing arrives until they come back."""


@dataclass(frozen=True)
class Letter:
    """What waits for one thread and leaves together, oldest first. `files` are the media and
    `subjects` the issues that the parcels name, by id; `topic` is the issue whose room this is."""

    parcels: Sequence[Parcel]
    reach: Reach
    files: Mapping[int, KeptMedia]
    subjects: Mapping[int, Subject] = field(default_factory=dict)
    topic: Topic | None = None

    def list_unfetched(self) -> list[Parcel]:
        """The parcels whose picture or voice is still at the platform it came from."""
        return [
            parcel
            for parcel in self.parcels
            if parcel.media_id is not None and not self.files[parcel.media_id].path
        ]


class Outcome(Protocol):
    """What came of something heard: see `bot.runtime.runner.Done`."""

    @property
    def fresh(self) -> bool: ...

    @property
    def fault(self) -> str | None: ...

    @property
    def is_refused(self) -> bool: ...

    @property
    def overtaken(self) -> str: ...


Hear = Callable[[Incoming], Awaitable[Outcome]]
"""Acts on one delivery, exactly once; raises only when nothing could be written down."""


class Source(Protocol):
    """Where something that is not ours yet can be had."""

    async def fetch(self, item: KeptMedia) -> bytes:
        """Its content. Raises Undeliverable."""
        ...


class Channel(Source, Protocol):
    """One platform. `send` is called outside any transaction, for one thread at a time."""

    name: str
    merges: bool
    """Whether several waiting messages of a thread leave as one send (a platform with a budget)."""

    async def start(self) -> None:
        """Get ready; called once, inside the running event loop."""
        ...

    async def stop(self) -> None:
        """Let go of connections and threads."""
        ...

    async def send(self, letter: Letter, now: datetime) -> int:
        """Deliver the letter; returns how many pushes of the platform's budget it cost.

        Raises Undeliverable when not all of it was delivered.
        """
        ...


@runtime_checkable
class Choosy(Protocol):
    """A channel that cannot show or hand on everything: the rest goes as a link."""

    def takes(self, item: KeptMedia) -> bool:
        """Whether it takes this thing, by its type and its size."""
        ...


@runtime_checkable
class Listening(Protocol):
    """A channel that must do something of its own accord to hear what people say."""

    async def listen(self, hear: Hear) -> None:
        """Hear until cancelled, or return when the platform has been told where we are."""
        ...
