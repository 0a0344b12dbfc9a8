"""An agenda: promises first, nothing that returns is lost, nobody sees another firm's matter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.sessions.agenda import (
    Evening,
    Ground,
    Item,
    Matter,
    Outcome,
    compose,
    hours_of,
    of_firm,
)
from bot.core.sessions.order import at_place, merge_items, move_item_up

START = datetime(2024, 10, 14, 11, 30, tzinfo=UTC)
EVENING = Evening(START, "优化员工交通出行", "交通出行", {"theme": 15, "serious": 8})


def matter(key: str, **fields: object) -> Matter:
    made = Matter(key, f"matter {key}", START - timedelta(days=3), issues=(1,), firms=(1,))
    return replace(made, **fields)  # type: ignore[arg-type]


def test_the_order_of_the_evening() -> None:
    found = compose(
        EVENING,
        [
            matter("signed", signed=True, firms=(9,)),
            matter("serious", weight=8, firms=(8,)),
            matter("bus-1", category="交通出行", issues=(11,), firms=(1,)),
            matter("bus-2", category="交通出行", issues=(12,), firms=(2,)),
            matter("back", returns=True, seen=2),
            matter("later", promise_id=2, due=START + timedelta(days=9)),
            matter("overdue", promise_id=1, due=START - timedelta(days=2)),
            matter("added", added=True, firms=()),
            matter("quiet"),
            matter("over", returns=True, settled=True),
        ],
    )
    assert [item.matter for item in found] == [
        *("overdue", "later", "signed", "back", "theme:交通出行", "serious", "added"),
    ]
    assert [item.place for item in found] == [1, 2, 3, 4, 5, 6, 7]
    back, bus = found[3], found[4]
    assert (back.ground, back.times) == (Ground.RETURNING, 3)
    assert (bus.issues, bus.firms, bus.title, bus.minutes) == (
        *((11, 12), (1, 2)),
        *("优化员工交通出行", 15),
    )


def test_one_firm_alone_is_no_cluster() -> None:
    alone = [matter("a", category="交通出行"), matter("b", category="交通出行")]
    assert compose(EVENING, alone) == ()


def test_what_came_up_before_and_is_serious_again_returns() -> None:
    (item,) = compose(EVENING, [matter("a", weight=1, seen=1)])
    assert (item.ground, item.times) == (Ground.RETURNING, 2)


def test_the_offices_order_stays_when_something_new_comes() -> None:
    first = [
        matter(name, weight=1, at=START + timedelta(minutes=n)) for n, name in enumerate("abc")
    ]
    kept = move_item_up(compose(EVENING, first), 3)
    assert [item.matter for item in kept] == ["a", "c", "b"]
    fresh = compose(EVENING, [*first, matter("d", returns=True, seen=1)])
    assert [item.matter for item in merge_items(kept, fresh)] == ["d", "a", "c", "b"]


def test_what_was_taken_off_stays_off_and_has_no_number() -> None:
    items = compose(EVENING, [matter("a", weight=2), matter("b", weight=1)])
    off = (replace(items[0], outcome=Outcome.OFF), items[1])
    after = merge_items(off, items)
    assert [(item.matter, item.place) for item in after] == [("b", 1), ("a", 0)]
    assert [item.matter for item, _ in hours_of(after, START)] == ["b"]


def test_a_wrong_number_is_no_item() -> None:
    with pytest.raises(LookupError):
        at_place(compose(EVENING, [matter("a", weight=1)]), 2)


def test_the_evening_has_hours() -> None:
    items = compose(EVENING, [matter("a", weight=2), matter("b", weight=1)])
    assert [at for _, at in hours_of(items, START)] == [START, START + timedelta(minutes=8)]


MATTERS = st.lists(
    st.builds(
        matter,
        st.text("abcdef", min_size=3, max_size=3),
        returns=st.booleans(),
        weight=st.integers(0, 3),
        signed=st.booleans(),
        seen=st.integers(0, 4),
        category=st.sampled_from(["", "交通出行"]),
        firms=st.lists(st.integers(1, 5), max_size=2, unique=True).map(tuple),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)


@given(MATTERS, MATTERS)
def test_nothing_that_must_come_up_is_lost(before: list[Matter], now: list[Matter]) -> None:
    after = merge_items(compose(EVENING, before), compose(EVENING, now))
    keys = {item.matter for item in after}
    must = {new_matter.key for new_matter in now if new_matter.returns}
    assert must <= keys
    assert [item.place for item in after] == list(range(1, len(after) + 1))


@given(MATTERS, st.integers(1, 5))
def test_a_firm_sees_only_its_own_and_everybodys(found: list[Matter], firm: int) -> None:
    for item in of_firm(compose(EVENING, found), firm):
        assert not item.firms or firm in item.firms


@pytest.mark.parametrize(
    ("firms", "issues", "seen"),
    [
        ((1,), (7,), True),  # its own
        ((2,), (7,), False),  # another firm's
        ((1, 2), (7, 8), True),  # of several firms, a theme
        ((), (), True),  # a topic of the office
        ((), (7,), False),  # somebody's whose firm nobody knows
    ],
)
def test_a_firm_sees_its_own_and_what_is_everybodys(
    firms: tuple[int, ...], issues: tuple[int, ...], seen: bool
) -> None:
    item = Item("issue:7", Ground.ADDED, "电费", issues=issues, firms=firms)
    assert of_firm([item], 1) == ([item] if seen else [])
