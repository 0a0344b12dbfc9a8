"""Until when somebody has time to take a call, who is asked next, and how long a call lasts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.calls import Call, CallRung, choose_callee, find_due
from bot.core.days.working_hours import SHANGHAI, WorkingHours

HOURS = WorkingHours()
WITHIN = timedelta(minutes=15)
LIAISON, DEPUTY, OTHER = 1, 2, 3


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of October 2024; the 14th is a Monday."""
    return datetime(2024, 10, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (at(14, 10), at(14, 10, 15)),
        (at(14, 11, 50), at(14, 13, 35)),
        (at(14, 12, 30), at(14, 13, 45)),
        (at(14, 17, 30), at(15, 9, 15)),
        (at(14, 23), at(15, 9, 15)),
        (at(18, 17, 20), at(21, 9, 5)),
        (at(19, 10), at(21, 9, 15)),
    ],
)
def test_time_to_call_is_working_time(asked: datetime, due: datetime) -> None:
    assert find_due(asked, WITHIN, HOURS, urgent=False) == due


@pytest.mark.parametrize("asked", [at(14, 10), at(14, 23), at(19, 3)])
def test_what_is_urgent_goes_by_the_clock(asked: datetime) -> None:
    assert find_due(asked, WITHIN, HOURS, urgent=True) == asked + WITHIN


@pytest.mark.parametrize(
    ("away", "asked", "chosen"),
    [
        ({}, (), (CallRung.LIAISON, LIAISON)),
        ({}, (LIAISON,), (CallRung.DEPUTY, DEPUTY)),
        ({}, (LIAISON, DEPUTY), (CallRung.DUTY, None)),
        ({LIAISON: OTHER}, (), (CallRung.LIAISON, OTHER)),
        ({LIAISON: None}, (), (CallRung.DEPUTY, DEPUTY)),
        ({LIAISON: DEPUTY}, (DEPUTY,), (CallRung.DUTY, None)),
        ({LIAISON: DEPUTY, DEPUTY: LIAISON}, (), (CallRung.DUTY, None)),
    ],
)
def test_nobody_is_asked_twice_or_while_away(
    away: dict[int, int | None], asked: tuple[int, ...], chosen: tuple[CallRung, int | None]
) -> None:
    assert choose_callee(LIAISON, DEPUTY, away, asked) == chosen


def test_a_firm_without_liaison_goes_to_the_duty_desk() -> None:
    assert choose_callee(None, None, {}, ()) == (CallRung.DUTY, None)


def test_a_call_that_nobody_ended_does_not_last_for_ever() -> None:
    asked = at(14, 10)
    due = asked + WITHIN
    nobody = (None, None, None)
    call = Call(
        1, 1, *nobody, "", False, asked, due, CallRung.LIAISON, (1,), due, *nobody, because="k"
    )
    day = timedelta(days=1)
    assert call.lasts_until(day) == due + day
    taken = due + timedelta(minutes=30)
    assert replace(call, taken_at=taken).lasts_until(day) == taken + day
