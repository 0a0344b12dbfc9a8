"""When a send that failed is tried again, and how often."""

from datetime import timedelta

AT_ONCE = timedelta(seconds=1)
TRIES = 30
"""Attempts before giving up: with the longest wait between them, most of a working day."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    doubled: int = 2 ** min(max(attempts - 1, 0), 20)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)
