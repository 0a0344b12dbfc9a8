"""A call that a firm asked for: who is asked to make it, and until when before somebody else is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.days.working_hours import WorkingHours
from bot.core.park.assignment import Away, stand_in


class CallRung(StrEnum):
    """Who is asked to call, one after the other until somebody takes it."""

    LIAISON = "liaison"
    DEPUTY = "deputy"
    DUTY = "duty"


@dataclass(frozen=True)
class Call:
    """Somebody wants to be called. `due_at`: until when whoever was asked first has time;
    `next_due_at`: when the next one is asked, None at the top or when it is taken. `asked_of` are
    the people asked so far, in order; the duty desk is not among them. Moments are aware, UTC."""

    id: int
    thread_id: int
    person_id: int | None
    enterprise_id: int | None
    issue_id: int | None
    text: str
    urgent: bool
    asked_at: datetime
    due_at: datetime
    rung: CallRung
    asked_of: tuple[int, ...]
    next_due_at: datetime | None
    taken_by: int | None
    taken_at: datetime | None
    done_at: datetime | None
    because: str

    def lasts_until(self, menu: timedelta) -> datetime:
        """Until when another request means this call: as long as its digits count (`menu`), from
        when it was to be made or was taken. Who forgot to say 已联系 blocks nobody for ever."""
        return max(self.due_at, self.taken_at or self.due_at) + menu


def find_due(now: datetime, within: timedelta, hours: WorkingHours, *, urgent: bool) -> datetime:
    """Until when somebody asked `now` has time to take a call: `within` of working time, so from
    the next opening on when it is closed; of the clock on the wall when it is urgent."""
    return now + within if urgent else hours.add(now, within)


def choose_callee(
    liaison_id: int | None, deputy_id: int | None, away: Away, asked: Collection[int]
) -> tuple[CallRung, int | None]:
    """Who is asked next: the liaison, the deputy, whoever stands in for them; nobody twice and
    nobody who is away. None for the duty desk."""
    for rung, person_id in ((CallRung.LIAISON, liaison_id), (CallRung.DEPUTY, deputy_id)):
        acting = stand_in(person_id, away).person_id if person_id else None
        if acting is not None and acting not in asked:
            return rung, acting
    return CallRung.DUTY, None
