"""What a job is given."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.context import Scene


@dataclass(frozen=True)
class Tick(Scene):
    """One due time of one timetable entry; `due` is when it should have been, `now` when it is."""

    due: datetime
