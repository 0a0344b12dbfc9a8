"""What the clock says of calls that nobody has taken: the deputy is asked, then the duty desk."""

from collections.abc import Sequence

from bot.actions.calls import climb
from bot.core.messages import Say
from schedules.tick import Tick
from storage import calls


def sweep_calls(tick: Tick) -> Sequence[Say]:
    """Every call whose time is up goes one further."""
    return [climb(tick, call) for call in calls.due(tick.db, tick.now)]
