"""The park's own rules as the core reads them; settings build it once at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.quiet_hours import QuietHours
from bot.core.sla import Promise
from bot.core.working_hours import WorkingHours


@dataclass(frozen=True)
class Limits:
    """How long and how often; every one is a setting."""

    undo_within: timedelta = timedelta(minutes=2)
    urge_every: timedelta = timedelta(hours=4)
    rate_within: timedelta = timedelta(days=7)
    reopen_within: timedelta = timedelta(days=30)
    burst: timedelta = timedelta(seconds=90)
    menu: timedelta = timedelta(hours=24)
    code: timedelta = timedelta(days=7)
    close_after: timedelta = timedelta(days=7)
    ask_again_after: timedelta = timedelta(days=3)


@dataclass(frozen=True)
class Category:
    """A matter the park knows, and the words that show it."""

    name: str
    words: tuple[str, ...]
    promise: str = "default"


@dataclass(frozen=True)
class House:
    """One park: its name, its numbers' prefix, its hours, its promises, its limits."""

    name: str
    prefix: str
    phone: str = ""
    hours: WorkingHours = field(default_factory=WorkingHours)
    quiet: QuietHours = field(default_factory=QuietHours)
    limits: Limits = field(default_factory=Limits)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    categories: tuple[Category, ...] = ()
    urgent_words: tuple[str, ...] = ()

    def promise(self, name: str) -> Promise:
        """The promise of this name; one that was taken out of the settings is the default one."""
        return self.promises.get(name) or self.promises.get("default") or Promise("default")

    def local(self, moment: datetime) -> datetime:
        """The moment on the park's clock."""
        return self.hours.local(moment)
