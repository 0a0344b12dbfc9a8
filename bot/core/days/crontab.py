"""Reads a crontab's days of the week as every crontab means them: 0 and 7 are Sunday, 1 Monday.

APScheduler counts them from Monday, so that an office's `30 19 * * 1` would be a Tuesday.
Source: crontab(5).
"""

import re
from collections.abc import Iterator

NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = re.compile(r"(\d)(?:-(\d))?")


def with_named_days(line: str) -> str:
    """The line with its days of the week by name, which nobody reads in two ways.

    Raises ValueError for a line that has not five fields, or names no day of the week.
    """
    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"{line!r} has {len(fields)} fields, not five")
    parts = fields[4].lower().split(",")
    return " ".join([*fields[:4], ",".join(name for part in parts for name in _name_days(part))])


def _name_days(part: str) -> Iterator[str]:
    found = _DAYS.fullmatch(part)
    if found is None:
        yield part  # a name, a star: APScheduler reads these as everybody does
        return
    first, last = int(found[1]), int(found[2] or found[1])
    if not first <= last < len(NAMES):
        raise ValueError(f"{part!r} names no days of the week")
    yield from NAMES[first : last + 1]
