"""What the clock says in the morning to those who go away today and those who are back."""

from collections.abc import Sequence

from bot.actions.issues import hand_over
from bot.actions.issues.assign import today
from bot.core.messages import Say
from schedules.tick import Tick
from storage.people import absences


def begin_and_end_absences(tick: Tick) -> Sequence[Say]:
    """Who is back hears it first, then what those who begin today hold is offered."""
    day = today(tick)
    says: list[Say] = []
    for absence in absences.to_end(tick.db, day):
        says += hand_over.end(tick, absence)
    for absence in absences.to_begin(tick.db, day):
        says += hand_over.begin(tick, absence)
    return says
