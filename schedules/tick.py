"""What a job is given."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.context import Context


@dataclass(frozen=True)
class Tick(Context):
    """One due time of one timetable entry; `due` is when it should have been, `now` when it is."""

    due: datetime
