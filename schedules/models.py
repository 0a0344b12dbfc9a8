"""What the clock says at night: learn the categories anew from what people corrected."""

from collections.abc import Sequence

from bot.core.messages import Say
from schedules.tick import Tick
from storage.issues import lessons


def learn(tick: Tick) -> Sequence[Say]:
    """Ask for it where there is something to learn; the training itself takes seconds and is done
    outside any transaction, by the learner."""
    if lessons.since(tick.db, 0):
        tick.learning.wanted.set()
    return ()
