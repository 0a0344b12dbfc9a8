"""Walks the due times of a crontab's line as every crontab means it. Source: crontab(5).

Days of the week count from Sunday, 0 or 7; where both a day of the month and one of the week are
named, either is enough. APScheduler's own reading of a line differs in both.
"""

from collections.abc import Iterator
from datetime import datetime

from cronsim import CronSim, CronSimError


def walk_due_times(line: str, after: datetime) -> Iterator[datetime]:
    """The moments after `after` at which the line is due, in its zone, without end.

    Raises ValueError for a line that is no crontab's.
    """
    if len(line.split()) != 5:  # a sixth field would be read as seconds
        raise ValueError(f"{line!r} has not five fields")
    try:
        return CronSim(line.lower().replace("-sun", "-7"), after)  # else `fri-sun` is refused
    except CronSimError as error:
        raise ValueError(f"{line!r}: {error}") from error
