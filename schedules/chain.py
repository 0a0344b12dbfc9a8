"""What the clock says of the chain: what happened is chained, and on Mondays the root is published.

One process does it for all: whoever takes the tick. No message waits for it and none touches it.
"""

from collections.abc import Sequence

from bot.actions.chain.append import append_entries
from bot.actions.chain.append import publish_root as publish
from bot.core.messages import Say
from schedules.tick import Tick


def chain_events(tick: Tick) -> Sequence[Say]:
    """Everything that happened and was committed since the last look."""
    append_entries(tick.db)
    return ()


def publish_root(tick: Tick) -> Sequence[Say]:
    """The week's root, before the digest that prints it."""
    publish(tick.db, tick.due.astimezone(tick.park.hours.zone).date(), tick.now)
    return ()
