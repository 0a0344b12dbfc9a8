"""Quiet hours: when people are left alone, and when they may be spoken to again."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.core.days.working_calendar import ONE_DAY
from bot.core.days.working_hours import SHANGHAI


@dataclass(frozen=True)
class QuietHours:
    """From `start`, itself quiet, until `end`, which no longer is; usually across midnight.

    Local time of `zone`, every day of the year. Raises ValueError, naming the fields, when both
    are the same: nobody can tell whether never or always is meant.
    """

    start: time = time(22)
    end: time = time(8)
    zone: ZoneInfo = SHANGHAI

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(f"start, end: both are {self.start:%H:%M}")


def quiet(now: datetime, hours: QuietHours) -> bool:
    """Whether people are to be left alone now. Raises ValueError for a naive datetime."""
    clock = _local(now, hours).time()
    if hours.start < hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


def next_decent(now: datetime, hours: QuietHours) -> datetime:
    """Now, unless it is quiet; then the end of these quiet hours. In the zone of `hours`."""
    local = _local(now, hours)
    if not quiet(local, hours):
        return local
    end = datetime.combine(local.date(), hours.end, hours.zone)
    return end if end > local else end + ONE_DAY


def _local(now: datetime, hours: QuietHours) -> datetime:
    if now.tzinfo is None:
        raise ValueError(f"{now} has no time zone")
    return now.astimezone(hours.zone)
