"""An issue that is merged into another: its clock stands, its number stays, it can come back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.issues.due import Point, due_now, next_due, open_parts, points
from bot.core.issues.issue import Issue, Status
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act, decide
from bot.core.messages import Refused
from tests.issues.samples import MONDAY_TEN, PARK, issue

ROOT, OTHER_ROOT, FIRM = 9, 10, 5
LATER = MONDAY_TEN + timedelta(minutes=30)
WEEK_LATER = MONDAY_TEN + timedelta(days=7)
HELD = frozenset({Who.OWNER})
SAID = frozenset({Who.REPORTER})
BY_BOT = frozenset({Who.BOT})


def merge_issue(**fields: object) -> Issue:
    return decide(issue(**fields), Act(Move.MERGE, HELD, LATER, into=ROOT), PARK)


def test_merging_meets_the_first_deadline_and_stops_the_clock() -> None:
    one = merge_issue()
    assert (one.status, one.accepted_at, one.merged_into) == (Status.ACCEPTED, LATER, ROOT)
    assert list(points(one, PARK)) == []
    assert list(open_parts(one)) == []
    assert next_due(one, PARK) is None


def test_the_deadlines_of_a_split_issue_are_those_of_old() -> None:
    """No refund: what fell due meanwhile is due at once."""
    alone = decide(merge_issue(swept_at=LATER), Act(Move.SPLIT, HELD, WEEK_LATER), PARK)
    assert alone.solve_due == issue().solve_due
    assert Point.BREACH in {deadline.point for deadline in due_now(alone, PARK, WEEK_LATER)}


def test_settled_with_the_other_it_is_asked_about_like_any() -> None:
    done = decide(merge_issue(), Act(Move.RESOLVE, BY_BOT, LATER, text="已经修好"), PARK)
    assert {deadline.point for deadline in points(done, PARK)} == {
        Point.ASK_AGAIN,
        Point.STRIKE_OFF,
    }


@pytest.mark.parametrize(
    ("status", "move"),
    [(Status.RESOLVED, Move.NOT_SOLVED), (Status.CLOSED, Move.REOPEN)],
)
def test_what_comes_back_comes_back_on_its_own(status: Status, move: Move) -> None:
    """Else its clock would stand for ever: the other issue is settled."""
    settled = replace(merge_issue(), status=status, resolved_at=LATER)
    again = decide(settled, Act(move, SAID, LATER), PARK)
    assert again.merged_into is None
    assert next_due(again, PARK) is not None


@pytest.mark.parametrize(
    ("start", "wish", "reason"),
    [
        # into itself, into nothing, into a second one
        ({}, Act(Move.MERGE, HELD, LATER, into=issue().id), "refused.merge_itself"),
        ({}, Act(Move.MERGE, HELD, LATER), "refused.merge_itself"),
        (
            {"merged_into": ROOT},
            Act(Move.MERGE, HELD, LATER, into=OTHER_ROOT),
            "refused.merged",
        ),
        # what is not merged is not split
        ({}, Act(Move.SPLIT, HELD, LATER), "refused.not_merged"),
        # not by the enterprise
        ({}, Act(Move.MERGE, SAID, LATER, into=ROOT), "refused.who"),
        # what is settled is not merged
        (
            {"status": Status.RESOLVED, "resolved_at": LATER},
            Act(Move.MERGE, HELD, LATER, into=ROOT),
            "refused.status",
        ),
        # what somebody says of themselves replaces nothing that is known
        ({"enterprise_id": 1}, Act(Move.CLAIM, SAID, LATER, firm=FIRM), "refused.identified"),
        ({}, Act(Move.IDENTIFY, HELD, LATER, firm=FIRM), "refused.bound"),
        (
            {"reporter_id": None, "enterprise_id": FIRM},
            Act(Move.IDENTIFY, HELD, LATER, firm=FIRM),
            "refused.identified",
        ),
    ],
)
def test_guards(start: dict[str, object], wish: Act, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        decide(issue(**start), wish, PARK)


def test_the_bot_moves_on_what_was_merged_with_it() -> None:
    moved = decide(merge_issue(), Act(Move.MERGE, BY_BOT, LATER, into=OTHER_ROOT), PARK)
    assert moved.merged_into == OTHER_ROOT


def test_a_claim_is_no_binding() -> None:
    claimed = decide(issue(), Act(Move.CLAIM, SAID, LATER, firm=FIRM), PARK)
    assert (claimed.claimed_id, claimed.enterprise_id) == (FIRM, None)
    known = decide(
        replace(claimed, reporter_id=None), Act(Move.IDENTIFY, HELD, LATER, firm=FIRM), PARK
    )
    assert (known.claimed_id, known.enterprise_id) == (None, FIRM)
