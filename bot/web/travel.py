"""Moves the clock of the demo, and lets everyone who follows it look at it again."""

from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.channels.local import Local
from bot.clock import MovableClock
from bot.web.site import Site

SESSION = time(19, 30)
"""When the Monday session begins, in the park's zone."""


class Jump(StrEnum):
    """Where the clock can be moved to."""

    HOUR = "hour"
    MONDAY = "monday"
    NOW = "now"


class Fixed(RuntimeError):  # noqa: N818 - a fact
    """The clock is the machine's own and is not moved: this is no demo."""


def movable(site: Site) -> MovableClock:
    """The clock that can be moved. Raises Fixed."""
    if not isinstance(site.clock, MovableClock):
        raise Fixed
    return site.clock


async def jump(site: Site, local: Local, to: Jump) -> None:
    """Move the clock and do what has come due. Raises Fixed."""
    clock = movable(site)
    if to is Jump.NOW:
        clock.reset()
        await _look(site, local)
    elif to is Jump.HOUR:
        await travel(site, local, clock.now() + timedelta(hours=1))
    else:
        await travel(site, local, next_session(clock.now(), site.settings.zone))


async def travel(site: Site, local: Local, moment: datetime) -> None:
    """Stand at a moment and do what has come due until then. Raises Fixed."""
    movable(site).set(moment)
    await _look(site, local)


def next_session(now: datetime, zone: tzinfo) -> datetime:
    """The next Monday 19:30 after `now`, in the park's zone."""
    today = now.astimezone(zone)
    monday = today.date() + timedelta(days=-today.weekday() % 7)
    start = datetime.combine(monday, SESSION, zone)
    return start if start > now else start + timedelta(days=7)


async def _look(site: Site, local: Local) -> None:
    await site.timekeeper.look()
    site.postman.wake()
    site.fetcher.wake()
    local.changed()
