"""A dispute has one ruling within a working day, and never touches the deadlines' clock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.issues.due import Point, next_due, points
from bot.core.issues.issue import Issue, Rung, Status
from bot.core.issues.lifecycle import Move, Who
from bot.core.issues.moves import Act, decide
from bot.core.messages import Refused
from tests.days.times import at
from tests.issues.samples import COLLEAGUE, MONDAY_TEN, OWNER, PARK, issue

LATER = MONDAY_TEN + timedelta(minutes=5)


def return_issue(before: Issue) -> Issue:
    act = Act(Move.RETURN, frozenset({Who.OWNER}), LATER, by=OWNER, text="不归我管")
    return decide(before, act, PARK)


def rule_on_issue(before: Issue, to: int = COLLEAGUE) -> Issue:
    return decide(before, Act(Move.RULE, frozenset({Who.DUTY}), LATER, by=9, to=to), PARK)


def late(one: Issue) -> list[tuple[object, Rung]]:
    return [(due.at, due.rung) for due in points(one, PARK) if due.point is Point.RULING]


def test_the_desk_hears_after_a_working_day_and_a_leader_after_two() -> None:
    assert late(return_issue(issue())) == [
        (at("2024-10-15 10:05"), Rung.LIAISON),
        (at("2024-10-16 10:05"), Rung.LEADER),
    ]
    assert late(issue()) == []


def test_a_weekend_does_not_count() -> None:
    friday = replace(return_issue(issue()), disputed_at=at("2024-10-18 16:00"))
    assert late(friday)[0] == (at("2024-10-21 16:00"), Rung.LIAISON)


def test_a_pause_does_not_excuse_the_desk() -> None:
    waiting = replace(return_issue(issue()), status=Status.WAITING, paused_at=LATER)
    assert len(late(waiting)) == 2


def test_the_clock_wakes_for_it() -> None:
    kept = issue(accepted_at=LATER, answered_at=LATER, solve_due=at("2024-12-01 10:00"))
    one = replace(return_issue(kept), swept_at=at("2024-10-15 10:04"))
    assert next_due(one, PARK) == at("2024-10-15 10:05")


def test_a_ruling_changes_the_holder_and_nothing_of_the_deadlines() -> None:
    before = return_issue(issue())
    after = rule_on_issue(before)
    assert after.owner_id == COLLEAGUE
    changed = {"owner_id", "ruled_at", "disputed_at"}
    same = replace(after, **{name: getattr(before, name) for name in changed})
    assert same == before
    assert late(after) == []


@pytest.mark.parametrize("to", [OWNER, COLLEAGUE])
def test_one_ruling_holds(to: int) -> None:
    with pytest.raises(Refused, match=r"refused\.ruled"):
        return_issue(rule_on_issue(return_issue(issue()), to))


def test_a_return_waits_for_its_ruling() -> None:
    with pytest.raises(Refused, match=r"refused\.disputed"):
        return_issue(return_issue(issue()))


def test_without_a_dispute_there_is_nothing_to_rule() -> None:
    with pytest.raises(Refused, match=r"refused\.no_dispute"):
        rule_on_issue(issue())


@pytest.mark.parametrize("move", [Move.TAKE, Move.RESOLVE])
def test_whoever_takes_or_solves_it_ends_the_dispute(move: Move) -> None:
    who = frozenset({Who.SUPERIOR, Who.OWNER})
    after = decide(return_issue(issue()), Act(move, who, LATER, by=COLLEAGUE, text="已修好"), PARK)
    assert after.disputed_at is None
