"""What the wall says of an issue: late, near, in good time, or nobody's turn."""

from datetime import timedelta

import pytest

from bot.core.issues.issue import Rung, Status
from bot.core.reports.board import LANES, Card, Lane, Length, Tone, tone
from tests.days.times import at
from tests.issues.samples import PARK


def card(lane: Lane, since: str, moment: str | None, terms: str = "1hw,1dw,2dw") -> Card:
    due = at(moment) if moment else None
    return Card(lane, "YZ-20241014-001", "", "", False, Rung.LIAISON, terms, at(since), due)


ACCEPT, PLANNED = Lane.TO_ACCEPT, Lane.PLANNED


@pytest.mark.parametrize(
    ("lane", "since", "due", "now", "how"),
    [
        # Monday 10:00, one working hour: near from 80 % on, late from the very end.
        (ACCEPT, "2024-10-14 10:00", "2024-10-14 11:00", "2024-10-14 10:47", Tone.GOOD),
        (ACCEPT, "2024-10-14 10:00", "2024-10-14 11:00", "2024-10-14 10:48", Tone.NEAR),
        (ACCEPT, "2024-10-14 10:00", "2024-10-14 11:00", "2024-10-14 11:00", Tone.LATE),
        # Friday 17:00: the night and the weekend use nothing up, 10 of 60 minutes are left.
        (ACCEPT, "2024-10-18 17:00", "2024-10-21 09:30", "2024-10-20 12:00", Tone.GOOD),
        (ACCEPT, "2024-10-18 17:00", "2024-10-21 09:30", "2024-10-21 09:20", Tone.NEAR),
        # A plan of a year is near three days before its end, not for its last ten weeks.
        (PLANNED, "2024-01-02 09:00", "2024-12-31 17:30", "2024-12-28 17:29", Tone.GOOD),
        (PLANNED, "2024-01-02 09:00", "2024-12-31 17:30", "2024-12-28 17:30", Tone.NEAR),
        # Nobody here is late: the enterprise has the word.
        (Lane.WAITING, "2024-10-14 10:00", "2024-10-15 10:00", "2024-10-16 10:00", Tone.STILL),
        (Lane.TO_CONFIRM, "2024-10-14 10:00", "2024-10-14 12:00", "2024-10-16 10:00", Tone.STILL),
        (Lane.WAITING, "2024-10-14 10:00", None, "2024-10-16 10:00", Tone.STILL),
    ],
)
def test_how_an_issue_stands(lane: Lane, since: str, due: str | None, now: str, how: Tone) -> None:
    assert tone(card(lane, since, due), at(now), PARK) is how


def test_natural_time_runs_at_night() -> None:
    one = card(ACCEPT, "2024-10-14 20:00", "2024-10-15 20:00", "24hn,1dn,2dn")
    assert tone(one, at("2024-10-15 15:11"), PARK) is Tone.GOOD
    assert tone(one, at("2024-10-15 15:12"), PARK) is Tone.NEAR


def test_every_status_but_the_settled_ones_has_its_lane() -> None:
    settled = {Status.CONFIRMED, Status.CLOSED, Status.WITHDRAWN}
    assert {rule.status for rule in LANES} == set(Status) - settled
    assert [rule.lane for rule in LANES] == list(Lane)


def test_a_length_is_the_same_from_both_ends() -> None:
    one = at("2024-10-14 10:00")
    other = one + timedelta(days=1, hours=2, minutes=3, seconds=59)
    assert Length.between(one, other) == Length.between(other, one) == Length(1, 2, 3)
    assert Length.between(one, one) == Length(0, 0, 0)
