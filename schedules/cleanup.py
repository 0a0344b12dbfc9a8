"""What the clock says at night: forget what cannot come again, so that the keys do not pile up."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.messages import Say
from schedules.tick import Tick
from storage import once
from storage.delivery import links

KEPT = timedelta(days=14)
"""Longer than any platform repeats a delivery (hours) and than any tick may be late (a week)."""


def forget(tick: Tick) -> Sequence[Say]:
    """Drop the once-keys of deliveries and ticks that are long past, and links that are over."""
    once.forget(tick.db, tick.now - KEPT)
    links.forget(tick.db, tick.now)
    return ()
