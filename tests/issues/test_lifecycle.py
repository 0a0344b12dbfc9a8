"""The table of the lifecycle: each row does what it says, and nothing else is allowed."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from bot.core.issues.due import next_due
from bot.core.issues.issue import OPEN, Issue, Status
from bot.core.issues.lifecycle import RULES, Clock, Move, Needs, Rule, Who, rule_for, undoable
from bot.core.issues.moves import Act, decide
from bot.core.messages import Refused
from tests.issues.samples import COLLEAGUE, MONDAY_TEN, OWNER, PARK, REPORTER, issue

LATER = MONDAY_TEN + timedelta(minutes=30)
FIRM, ANOTHER = 5, 9


def ready(rule: Rule, status: Status) -> Issue:
    """An issue at this stage, with what the guards of the rule want to see."""
    settled = status in (Status.RESOLVED, Status.CONFIRMED, Status.CLOSED)
    pending = MONDAY_TEN + timedelta(days=3)
    return issue(
        status=status,
        paused_at=MONDAY_TEN if status is Status.WAITING else None,
        resolved_at=MONDAY_TEN if settled else None,
        plan_until=pending if rule.move in (Move.AGREE, Move.DISAGREE) else None,
        extend_to=pending if rule.move in (Move.GRANT, Move.DENY) else None,
        offered_to=COLLEAGUE if Who.OFFERED in rule.who else None,
        disputed_at=MONDAY_TEN if rule.move is Move.RULE else None,
        reporter_id=None if rule.move is Move.IDENTIFY else REPORTER,
        merged_into=ANOTHER if rule.move is Move.SPLIT else None,
    )


def act(rule: Rule, who: Who) -> Act:
    return Act(
        rule.move,
        frozenset({who}),
        LATER,
        by=OWNER,
        text="更换了保险，恢复供电",
        until=MONDAY_TEN + timedelta(days=4) if rule.needs is Needs.DATE else None,
        stars=5,
        to=COLLEAGUE,
        firm=FIRM,
        into=ANOTHER,
    )


ROWS = [
    (rule, status, who)
    for rule in RULES
    for status in sorted(rule.start)
    for who in sorted(rule.who)
    # A resolved issue that nobody confirmed is struck off by the clock alone.
    if not (rule.move is Move.CLOSE and status is Status.RESOLVED and who is not Who.CLOCK)
]


@pytest.mark.parametrize(("rule", "status", "who"), ROWS)
def test_a_row_does_what_it_says(rule: Rule, status: Status, who: Who) -> None:
    before = ready(rule, status)
    after = decide(before, act(rule, who), PARK)
    assert after.status is (rule.to or status)
    if rule.clock is Clock.PAUSE:
        assert after.paused_at == LATER
    if rule.clock in (Clock.STOP, Clock.RESUME):
        assert after.paused_at is None
    if rule.clock is Clock.MOVE:
        assert after.solve_due == MONDAY_TEN + timedelta(days=3)
    if rule.clock is Clock.KEEP:
        kept = (after.accept_due, after.answer_due, after.solve_due, after.paused_at)
        assert kept == (before.accept_due, before.answer_due, before.solve_due, before.paused_at)


def test_nothing_else_is_allowed() -> None:
    allowed = {
        (rule.move, status, who) for rule in RULES for status in rule.start for who in rule.who
    }
    for move, status, who in product(Move, Status, Who):
        if (move, status, who) not in allowed:
            with pytest.raises(Refused):
                rule_for(issue(status=status), move, frozenset({who}))


def test_somebody_who_is_nothing_to_an_issue_may_do_nothing() -> None:
    for move, status in product(Move, Status):
        with pytest.raises(Refused):
            rule_for(issue(status=status), move, frozenset())


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.needs is Needs.TEXT and rule.start]
)
def test_words_are_needed(rule: Rule) -> None:
    silent = replace(act(rule, min(rule.who)), text="  ")
    with pytest.raises(Refused, match=f"needs.{rule.move}"):
        decide(ready(rule, min(rule.start)), silent, PARK)


@pytest.mark.parametrize(
    ("status", "changed", "changes", "reason"),
    [
        # urged an hour ago: once in four hours
        (Status.ACCEPTED, {"urged_at": MONDAY_TEN}, {"move": Move.URGE}, "refused.urged"),
        # rated eight days ago: changeable for seven
        (
            Status.CLOSED,
            {"rated_at": LATER - timedelta(days=8)},
            {"move": Move.RATE, "stars": 4},
            "refused.rate_late",
        ),
        # no sixth level
        (Status.CONFIRMED, {}, {"move": Move.RATE, "stars": 6}, "needs.rate"),
        (Status.CONFIRMED, {}, {"move": Move.RATE, "stars": None}, "needs.rate"),
        # struck off 31 days ago: reopened within 30
        (
            Status.CLOSED,
            {"closed_at": LATER - timedelta(days=31)},
            {"move": Move.REOPEN},
            "refused.reopen_late",
        ),
        # nobody proposed a plan
        (Status.ACCEPTED, {}, {"move": Move.AGREE}, "refused.no_plan"),
    ],
)
def test_guards_of_the_enterprise(
    status: Status, changed: dict[str, datetime], changes: dict[str, object], reason: str
) -> None:
    wish = Act(Move.URGE, frozenset({Who.REPORTER}), LATER, text="x")
    with pytest.raises(Refused, match=reason):
        decide(issue(status=status, **changed), replace(wish, **changes), PARK)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "changes", "reason"),
    [
        # an extension is asked before the deadline, for a later day
        (
            {"solve_due": LATER - timedelta(hours=1)},
            {"move": Move.EXTEND, "until": LATER + timedelta(days=1)},
            "refused.extend_late",
        ),
        (
            {"solve_due": LATER + timedelta(days=2)},
            {"move": Move.EXTEND, "until": LATER + timedelta(days=1)},
            "refused.extend_short",
        ),
        # a day in the past is no day
        ({}, {"move": Move.PLAN, "until": LATER - timedelta(days=1)}, "refused.past"),
        # not to oneself, not to nobody
        ({}, {"move": Move.PASS_ON, "to": OWNER}, "refused.pass_on"),
        ({}, {"move": Move.PASS_ON, "to": None}, "refused.pass_on"),
    ],
)
def test_guards_of_the_holder(
    changed: dict[str, datetime], changes: dict[str, object], reason: str
) -> None:
    wish = Act(Move.NOTE, frozenset({Who.OWNER}), LATER, by=OWNER, text="配件在途")
    with pytest.raises(Refused, match=reason):
        decide(issue(status=Status.ACCEPTED, **changed), replace(wish, **changes), PARK)  # type: ignore[arg-type]


def test_waiting_for_the_enterprise_is_not_counted() -> None:
    """Asked at 10:30, answered at 11:30: the open deadlines are an hour of work later."""
    who = frozenset({Who.OWNER})
    asked = decide(issue(), Act(Move.ASK, who, LATER, by=OWNER, text="几亩？"), PARK)
    assert asked.pause_until is not None
    assert next_due(asked, PARK) == asked.pause_until, "only the end of the waiting is due"
    answered_at = LATER + timedelta(hours=1)
    told = Act(Move.SUPPLEMENT, frozenset({Who.REPORTER}), answered_at, text="二十亩")
    after = decide(asked, told, PARK)
    assert after.solve_due == issue().solve_due + timedelta(hours=1)
    assert after.answer_due == issue().answer_due + timedelta(hours=1)


def test_reopening_refunds_no_time() -> None:
    solved = issue(status=Status.CLOSED, resolved_at=LATER, closed_at=LATER)
    again = Act(Move.REOPEN, frozenset({Who.REPORTER}), LATER + timedelta(days=5))
    after = decide(solved, again, PARK)
    assert after.status is Status.ACCEPTED
    assert after.solve_due == solved.solve_due
    assert after.resolved_at is None
    assert after.stars is None


def test_passing_on_changes_nothing_until_it_is_taken() -> None:
    offer = Act(Move.PASS_ON, frozenset({Who.OWNER}), LATER, by=OWNER, to=COLLEAGUE)
    offered = decide(issue(), offer, PARK)
    assert (offered.owner_id, offered.offered_to) == (OWNER, COLLEAGUE)
    taken = decide(offered, Act(Move.TAKE, frozenset({Who.OFFERED}), LATER, by=COLLEAGUE), PARK)
    assert (taken.owner_id, taken.offered_to) == (COLLEAGUE, None)
    assert taken.accepted_at == LATER
    assert taken.solve_due == issue().solve_due


def test_what_cannot_be_unsaid() -> None:
    assert {move for move in Move if not undoable(move)} == {
        Move.FILE,
        Move.ASSIGN,
        Move.SEAL,  # what was hidden is shown again only by its reader, with a reason
        Move.UNSEAL,
        Move.ASSIST,
        Move.SUPPLEMENT,
        Move.CLOSE,
        Move.URGE,
        Move.ESCALATE,
        Move.HASTEN,
        Move.RESUME,
        Move.UNDO,
    }


def test_every_stage_is_in_the_table() -> None:
    reached = {rule.to for rule in RULES if rule.to}
    assert reached == set(Status)
    assert {status for rule in RULES for status in rule.start} == set(Status)
    assert Status.CLOSED not in OPEN
