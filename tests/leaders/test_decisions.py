"""Which matters wait for a leader's word: the gravest first, at most three, each decided once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.issues.issue import Rung, Status
from bot.core.leaders.decisions import (
    MOST,
    QUIET,
    Case,
    Cause,
    Choice,
    Decision,
    cause_of,
    digit,
    fill_places,
    mine,
    rank_cases,
    still_open,
    week_of,
)
from bot.core.messages import Refused
from tests.issues.samples import MONDAY_TEN, OWNER, PARK, issue

LATER = MONDAY_TEN + timedelta(days=4)
LEADER, OTHER = 8, 9
NAMES = {LEADER: "冯主任", OTHER: "陈副主任"}
TOP = {"rung": Rung.LEADER}
ROW = Decision(5, LEADER, date(2024, 10, 14), 1, 7, Cause.OVERDUE, MONDAY_TEN)
DONE = replace(ROW, choice=Choice.DIRECT, decided_at=MONDAY_TEN)


@pytest.mark.parametrize(
    ("case", "cause"),
    [
        (Case(issue()), None),  # late, but the ladder has not reached a leader
        (Case(issue(**TOP)), Cause.OVERDUE),
        (Case(issue(**TOP, paused_at=MONDAY_TEN)), None),  # waits for the enterprise
        (Case(issue(**TOP, status=Status.RESOLVED)), None),
        (Case(issue(**TOP, merged_into=3)), None),  # decided with the other one
        (Case(issue(**TOP, disputed_at=MONDAY_TEN)), Cause.DISPUTE),  # graver than being late
        (Case(issue(disputed_at=LATER - timedelta(hours=1))), None),  # the desk still has time
        (Case(issue(), broken="95-03"), Cause.BROKEN),
        (Case(issue(owner_id=None)), Cause.UNOWNED),
        (Case(issue(owner_id=None, accept_due=LATER + timedelta(hours=1))), None),
        (Case(issue(), reform="3"), Cause.RECURRING),
        (Case(issue(plan_until=LATER + timedelta(days=30))), Cause.PLAN),
        (Case(issue(plan_until=LATER, status=Status.PLANNED)), None),  # agreed
    ],
)
def test_what_needs_a_leader(case: Case, cause: Cause | None) -> None:
    assert cause_of(case, PARK, LATER) is cause


def test_the_gravest_come_first_then_urgent_then_old() -> None:
    plain, urgent = issue(id=1, **TOP), issue(id=2, urgent=True, **TOP)
    older = issue(id=3, filed_at=MONDAY_TEN - timedelta(days=9), **TOP)
    disputed = issue(id=4, disputed_at=MONDAY_TEN)
    found = rank_cases(
        [Case(open_issue) for open_issue in (plain, urgent, older, disputed)], PARK, LATER
    )
    assert [case.issue.id for case, _cause in found] == [4, 2, 3, 1]


def test_three_places_are_filled_and_what_stands_stays_in_place() -> None:
    ranked = rank_cases([Case(issue(id=n, **TOP)) for n in range(1, 9)], PARK, LATER)
    assert [(place, case.issue.id) for place, case, _ in fill_places([], ranked, ())] == [
        *((1, 1), (2, 2), (3, 3)),
    ]
    kept = [replace(ROW, place=2, issue_id=1)]
    found = fill_places(kept, ranked, resting={2, 3})
    assert [(place, case.issue.id) for place, case, _ in found] == [(1, 4), (3, 5)]
    assert fill_places([replace(ROW, place=n) for n in (1, 2, 3)], ranked, ()) == []


def test_issues_of_one_matter_are_one_decision() -> None:
    cases = [Case(issue(id=1), reform="3", also=(2,)), Case(issue(id=2), broken="95-03")]
    ranked = [(cases[0], Cause.RECURRING), (cases[1], Cause.BROKEN)]
    assert [case.issue.id for _, case, _ in fill_places([], ranked, ())] == [1]


def test_each_digit_means_one_thing() -> None:
    digits = [digit(place, choice) for place in range(1, MOST + 1) for choice in Choice]
    assert digits == list(range(1, 10))


def test_what_was_said_or_settled_is_no_longer_open() -> None:
    rows = [
        replace(ROW, place=3, issue_id=1),
        replace(DONE, place=1, issue_id=2),
        replace(ROW, place=2, issue_id=3),
        replace(ROW, place=0, issue_id=1, cause=Cause.OWN),
    ]
    known = {1: issue(id=1), 2: issue(id=2), 3: issue(id=3, status=Status.RESOLVED)}
    assert still_open(rows, known) == [rows[0]]


def test_a_word_belongs_to_the_leaders_own_row() -> None:
    theirs = replace(ROW, leader_id=OTHER)
    assert mine([theirs, ROW], issue(owner_id=OWNER), LEADER, NAMES, LATER) == ROW
    assert mine([], issue(), LEADER, NAMES, LATER) is None


@pytest.mark.parametrize(
    ("row", "status", "key"),
    [
        (DONE, Status.ACCEPTED, "decision.decided"),
        (replace(DONE, leader_id=OTHER), Status.ACCEPTED, "decision.decided"),
        (replace(ROW, leader_id=OTHER), Status.ACCEPTED, "decision.not_yours"),
        (ROW, Status.RESOLVED, "decision.settled"),
        (DONE, Status.WITHDRAWN, "decision.settled"),
    ],
)
def test_a_word_too_many_is_refused(row: Decision, status: Status, key: str) -> None:
    with pytest.raises(Refused) as refused:
        mine([row], issue(status=status), LEADER, NAMES, LATER)
    assert refused.value.key == key


def test_a_leaders_own_idea_taken_back_binds_nobody() -> None:
    own = replace(ROW, place=0, cause=Cause.OWN, leader_id=OTHER)
    assert mine([own], issue(), LEADER, NAMES, LATER) is None
    assert mine([own], issue(), OTHER, NAMES, LATER) == own


def test_a_word_rests_and_is_history_then() -> None:
    assert mine([DONE], issue(), LEADER, NAMES, MONDAY_TEN + QUIET) is None


def test_a_week_begins_on_monday() -> None:
    assert week_of(date(2027, 1, 3)) == date(2026, 12, 28)
    assert week_of(date(2026, 12, 28)) == date(2026, 12, 28)
