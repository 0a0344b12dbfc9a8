"""Whatever people do in whatever order: no dead end, a stopped clock where it must stand, and a
refused move changes nothing."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.core.issues.due import Point, next_due, points
from bot.core.issues.issue import OPEN, WORKED_ON, Status
from bot.core.issues.lifecycle import RULES, Move, Who
from bot.core.issues.moves import Act, decide
from bot.core.messages import Refused
from tests.issues.samples import COLLEAGUE, MONDAY_TEN, OWNER, PARK, issue

ISSUE = issue().id
PEOPLE = {Who.OWNER, Who.OFFERED, Who.DUTY, Who.REPORTER}


class Life(RuleBasedStateMachine):
    """One issue in the hands of people who try everything."""

    def __init__(self) -> None:
        super().__init__()
        self.issue = issue()
        self.now = MONDAY_TEN

    @rule(
        move=st.sampled_from(Move),
        who=st.sets(st.sampled_from(Who)),
        by=st.sampled_from([OWNER, COLLEAGUE, None]),
        to=st.sampled_from([OWNER, COLLEAGUE, None]),
        text=st.sampled_from(["", "说明"]),
        stars=st.sampled_from([None, 0, 1, 3, 5, 6]),
        days=st.sampled_from([None, -1, 1, 30]),
        wait=st.integers(min_value=0, max_value=72),
        other=st.sampled_from([None, ISSUE, ISSUE + 1]),
    )
    def tries(
        self,
        move: Move,
        who: set[Who],
        by: int | None,
        to: int | None,
        text: str,
        stars: int | None,
        days: int | None,
        wait: int,
        other: int | None,
    ) -> None:
        self.now += timedelta(hours=wait)
        until = self.now + timedelta(days=days) if days else None
        wish = Act(
            move, frozenset(who), self.now, by, text, until, stars, to, firm=other, into=other
        )
        before = self.issue
        try:
            self.issue = decide(self.issue, wish, PARK)
        except Refused:
            assert self.issue == before
            return
        rows = [
            known_rule
            for known_rule in RULES
            if known_rule.move is move and before.status in known_rule.start
        ]
        assert any(known_rule.who & who for known_rule in rows)
        assert self.issue.filed_at == before.filed_at
        assert self.issue.solve_due >= before.solve_due or move in (Move.AGREE, Move.GRANT)

    @invariant()
    def there_is_a_way_on(self) -> None:
        """Somebody can always do something that leads to the end."""
        if self.issue.status in OPEN:
            ways = [
                known_rule
                for known_rule in RULES
                if self.issue.status in known_rule.start and known_rule.to is not None
            ]
            assert ways, self.issue.status

    @invariant()
    def the_clock_stands_where_it_must(self) -> None:
        done = self.issue.status in (Status.CLOSED, Status.WITHDRAWN)
        if done:
            assert next_due(self.issue, PARK) is None
        if self.issue.paused_at is not None:
            assert self.issue.status is Status.WAITING
            due = {deadline.point for deadline in points(self.issue, PARK)}
            assert (Point.PAUSE_OVER in due) is (self.issue.merged_into is None)
            assert due <= {Point.PAUSE_OVER, Point.RULING}
        if self.issue.status is Status.WAITING:
            assert self.issue.paused_at is not None

    @invariant()
    def check_no_early_escalation(self) -> None:
        """Never while paused, resolved or planned on time."""
        one = self.issue
        deadlines = {"accept": one.accept_due, "answer": one.answer_due, "solve": one.solve_due}
        for breach in (due for due in points(one, PARK) if due.point is Point.BREACH):
            assert one.status in WORKED_ON
            assert one.paused_at is None
            assert one.status is not Status.PLANNED or breach.part == "solve"
            assert breach.at >= deadlines[str(breach.part)]

    @invariant()
    def what_is_merged_is_quiet_and_never_into_itself(self) -> None:
        assert self.issue.merged_into != ISSUE
        if self.issue.merged_into is not None and self.issue.status in WORKED_ON:
            assert next_due(self.issue, PARK) is None

    @invariant()
    def stages_have_their_moments(self) -> None:
        one = self.issue
        if one.status in WORKED_ON:
            assert one.resolved_at is None
            assert one.closed_at is None
        if one.status is Status.RESOLVED:
            assert one.resolved_at is not None
        if one.status is Status.CONFIRMED:
            assert one.confirmed_at is not None
        if one.status is Status.CLOSED:
            assert one.closed_at is not None
        assert one.stars in (None, 1, 2, 3, 4, 5)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
