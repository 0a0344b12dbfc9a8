"""Who gets an issue: rules from above, people in their order, and never somebody who is away."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.park.assignment import (
    AssignmentRule,
    Candidate,
    Choice,
    Ground,
    choose,
    rule_for,
    stand_in,
)

A, B, C, D = 1, 2, 3, 4
PEOPLE = st.integers(min_value=1, max_value=8)
AWAY = st.dictionaries(PEOPLE, st.one_of(st.none(), PEOPLE))
CANDIDATES = st.lists(st.builds(Candidate, PEOPLE, st.sampled_from(Ground)))
LIAISON, DEPUTY, GRID = (
    Candidate(A, Ground.LIAISON),
    Candidate(B, Ground.DEPUTY),
    Candidate(C, Ground.GRID),
)
RULES = (
    AssignmentRule(word="变压器", enterprise="恒宇电子有限公司", person="周电工"),
    AssignmentRule(category="用电", tag="规上", department="供电服务部"),
    AssignmentRule(category="用电", person="赵敏之"),
    AssignmentRule(word="ABC大道", person="郑筑平"),
)


def test_the_first_rule_that_fits_counts() -> None:
    firm = "恒宇电子有限公司"
    assert rule_for("变压器坏了", "用电", ["规上"], RULES, firm) is RULES[0]
    assert rule_for("变压器坏了", "用电", ["规上"], RULES, "别家") is RULES[1]
    assert rule_for("变压器坏了", "用电", [], RULES, "别家") is RULES[2]
    assert rule_for("停水", "用水", ["规上"], RULES, firm) is None
    assert rule_for("停水", "用水", ["规上"], (), firm) is None


def test_a_word_is_found_however_it_is_typed() -> None:
    assert rule_for("變壓器壞了", "", [], RULES, "恒宇电子有限公司") is RULES[0]
    assert rule_for("ａｂｃ大道積水", "", [], RULES) is RULES[3]


def test_a_rule_says_what_it_looks_for() -> None:
    assert RULES[0].conditions == ("变压器", "恒宇电子有限公司")


def test_everyone_is_asked_in_order() -> None:
    order = [LIAISON, DEPUTY, GRID]
    assert choose(order, {}) == Choice(A, Ground.LIAISON)
    assert choose(order, {A: None}) == Choice(B, Ground.DEPUTY, (A,))
    assert choose(order, {A: None, B: None}) == Choice(C, Ground.GRID, (A, B))
    gone = {A: None, B: None, C: None}
    assert choose(order, gone) == Choice(None, Ground.DUTY, (A, B, C))
    assert choose([], {}) == Choice(None, Ground.DUTY)


def test_whom_somebody_named_comes_before_the_deputy() -> None:
    assert choose([LIAISON, DEPUTY], {A: D}) == Choice(D, Ground.LIAISON, (A,), named=True)
    chain = choose([LIAISON, DEPUTY], {A: C, C: D})
    assert chain == Choice(D, Ground.LIAISON, (A, C), named=True)


def test_people_who_stand_in_for_each_other_leave_it_to_the_next() -> None:
    assert choose([LIAISON, DEPUTY, GRID], {A: B, B: A}) == Choice(
        C, Ground.GRID, (A, B), circular=True
    )
    assert choose([LIAISON], {A: A}) == Choice(None, Ground.DUTY, (A,), circular=True)


def test_nobody_is_looked_up_before_they_are_needed() -> None:
    def one_by_one() -> "st.SearchStrategy[Candidate] | object":
        yield LIAISON
        raise AssertionError("the liaison is here")

    assert choose(one_by_one(), {}).person_id == A  # type: ignore[arg-type]


@given(PEOPLE, AWAY)
def test_a_chain_ends_with_somebody_who_is_here_or_with_nobody(
    first: int, away: dict[int, int | None]
) -> None:
    chain = stand_in(first, away)
    assert chain.person_id not in away
    assert set(chain.passed) <= set(away)
    assert len(chain.passed) == len(set(chain.passed))
    assert not (chain.circular and chain.person_id)
    if first not in away:
        assert chain.person_id == first


@given(CANDIDATES, AWAY)
def test_nobody_who_is_away_is_ever_chosen(
    candidates: list[Candidate], away: dict[int, int | None]
) -> None:
    choice = choose(candidates, away)
    assert choice.person_id not in away
    assert set(choice.away) <= set(away)
    present = [candidate for candidate in candidates if candidate.person_id not in away]
    if present:
        assert choice.person_id is not None
    if choice.person_id is None:
        assert choice.ground is Ground.DUTY
