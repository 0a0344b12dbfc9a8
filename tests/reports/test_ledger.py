"""The history in short, and the four answers to "was it kept"."""

from datetime import datetime, timedelta

import pytest

from bot.core.issues.due import Part
from bot.core.issues.issue import Issue, Status
from bot.core.issues.lifecycle import Move
from bot.core.reports.ledger import Met, Past, Step, check_service_level, past_of
from tests.issues.samples import MONDAY_TEN, issue

HOUR = timedelta(hours=1)


def steps(*given: tuple[Move, str, str, int | None]) -> list[Step]:
    """Events an hour apart: move, words, what set it off, what it takes back."""
    return [
        Step(n, move, MONDAY_TEN + HOUR * n, text, because, undoes)
        for n, (move, text, because, undoes) in enumerate(given, 1)
    ]


def test_what_was_taken_back_does_not_count() -> None:
    past = past_of(
        steps(
            (Move.FILE, "停电了", "a", None),
            (Move.RESOLVE, "通了", "b", None),
            (Move.NOT_SOLVED, "", "c", None),
            (Move.RESOLVE, "真的通了", "d", None),
            (Move.UNDO, "", "e", 4),
        )
    )
    assert past == Past(words="停电了", result="通了", reopened=1)


def test_with_a_step_its_wake_is_taken_back() -> None:
    """One message passed it on and, in the bot's name, more: an undo names only one of these."""
    past = past_of(
        steps(
            (Move.FILE, "停电了", "a", None),
            (Move.PASS_ON, "", "b", None),
            (Move.AGREE, "", "b", None),
            (Move.UNDO, "", "c", 2),
            (Move.PASS_ON, "", "d", None),
        )
    )
    assert (past.passed, past.planned_at) == (1, None)


def test_the_reason_is_what_came_after_the_last_rating() -> None:
    past = past_of(
        steps(
            (Move.FILE, "停电了", "a", None),
            (Move.SUPPLEMENT, "二车间", "b", None),
            (Move.RATE, "1", "c", None),
            (Move.SUPPLEMENT, "太慢", "d", None),
            (Move.SUPPLEMENT, "还有", "e", None),
        )
    )
    assert past.why == "太慢"
    assert past_of(steps((Move.FILE, "停电了", "a", None))).why == ""


F, A, W, P, Q = (
    *(Status.FILED, Status.ACCEPTED, Status.WAITING, Status.PLANNED),
    Status.WITHDRAWN,
)
TEN, LATE = MONDAY_TEN, MONDAY_TEN + 3 * HOUR


# fmt: off
ACCEPTED = (
    # accepting was due at eleven: the issue, its history, the moment, the answer
    (issue(status=A, accepted_at=TEN + HOUR), Past(), LATE, Met.YES),       # at the last moment
    (issue(status=A, accepted_at=TEN + 2 * HOUR), Past(), LATE, Met.NO),
    (issue(status=F), Past(), TEN + HOUR, Met.OPEN),                        # not over yet
    (issue(status=F), Past(), LATE, Met.NO),
    (issue(status=Q, closed_at=TEN), Past(), LATE, Met.NONE),               # gone before
    (issue(status=Q, closed_at=TEN + 2 * HOUR), Past(), LATE, Met.NO),      # gone, but late
    (issue(status=P), Past(planned_at=TEN), LATE, Met.NONE),                # planned before
    (issue(status=P), Past(planned_at=TEN + 2 * HOUR), LATE, Met.NO),       # planned too late
    (issue(status=F, merged_into=1), Past(merged_at=TEN), LATE, Met.OPEN),  # its clock stands
    (issue(status=F, merged_into=1), Past(merged_at=TEN + 2 * HOUR), LATE, Met.NO),
    (issue(status=F), Past(merged_at=TEN), LATE, Met.NO),                   # split off again
)
# fmt: on


@pytest.mark.parametrize(("one", "past", "at", "kept"), ACCEPTED)
def test_accepted_in_time(one: Issue, past: Past, at: datetime, kept: Met) -> None:
    assert check_service_level(one, Part.ACCEPT, past, at) is kept


def test_a_pause_stops_the_clock() -> None:
    long = MONDAY_TEN + timedelta(days=9)
    waiting = issue(status=W, accepted_at=TEN, paused_at=TEN + HOUR)
    assert check_service_level(waiting, Part.ANSWER, Past(), long) is Met.OPEN
    late = issue(status=W, accepted_at=TEN, paused_at=TEN + timedelta(days=8))
    assert check_service_level(late, Part.ANSWER, Past(), long) is Met.NO


def test_a_plan_leaves_the_last_deadline() -> None:
    planned = issue(status=P)
    assert check_service_level(planned, Part.SOLVE, Past(planned_at=TEN), TEN) is Met.OPEN
    assert (
        check_service_level(planned, Part.SOLVE, Past(planned_at=TEN), TEN + timedelta(days=9))
        is Met.NO
    )
