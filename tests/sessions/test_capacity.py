"""An evening is never longer than it is, who came goes first, and who waits waits as was said."""

from collections.abc import Sequence
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
    Told,
    compose,
    on_agenda,
)
from bot.core.sessions.capacity import (
    Room,
    build_room,
    count_minutes,
    find_end,
    fit_evening,
    list_said_waits,
)
from bot.core.sessions.order import merge_items, move_item_down
from bot.core.sessions.session import Session, SessionRules, Stage

START = datetime(2024, 10, 14, 11, 30, tzinfo=UTC)
RULES = SessionRules()
BOXES = dict(RULES.boxes)
MONDAY = Session(1, 95, START, Stage.PLANNED, "")
ROOM = build_room(RULES, MONDAY)


def matter(key: str, **fields: object) -> Matter:
    made = Matter(key, f"matter {key}", START - timedelta(days=3), issues=(1,), firms=(1,))
    return replace(made, **fields)  # type: ignore[arg-type]


def fit(found: Sequence[Matter], room: Room = ROOM, kept: Sequence[Item] = ()) -> tuple[Item, ...]:
    fresh = compose(Evening(START, boxes=BOXES), found)
    due = [late.key for late in found if late.due and late.due <= START]
    return fit_evening(merge_items(kept, fresh), room, fresh, due, list_said_waits(kept))


def keys(items: Sequence[Item]) -> list[str]:
    return [item.matter for item in items]


def waits(items: Sequence[Item]) -> dict[str, int | None]:
    return {item.matter: item.wait for item in items if item.outcome is Outcome.WAITS}


def serious(count: int) -> list[Matter]:
    return [matter(f"s{place:02}", weight=99 - place) for place in range(count)]


def test_the_park_says_how_long_an_evening_is() -> None:
    assert Room(120, 120 - 8 * 6) == ROOM
    assert build_room(RULES, replace(MONDAY, minutes=126)).minutes == 126
    assert build_room(replace(RULES, capacity=99), MONDAY).for_waiting == 0


def test_what_does_not_fit_waits_for_the_first_session_with_room() -> None:
    items = fit(serious(27))
    assert [item.place for item in items][:15] == list(range(1, 16))
    # 72 minutes of an evening may be promised: nine matters of eight minutes.
    assert list(waits(items).values()) == [1] * 9 + [2] * 3
    assert count_minutes(items) == 120
    assert find_end(MONDAY, count_minutes(items)) == START + timedelta(hours=2)


@pytest.mark.parametrize(
    ("others", "first"),
    [
        # Who came goes before what nobody came for, however serious that is,
        ([matter("x", signed=True)], "x"),
        # what was said to come now before both,
        ([matter("x", returns=True, wait=0)], "x"),
        # what the office added was agreed,
        ([matter("x", added=True)], "x"),
        # what a leader sent and a promise whose day has come before what nobody came for.
        ([matter("x", sent="冯主任")], "x"),
        ([matter("x", promise_id=1, due=START - timedelta(days=1))], "x"),
    ],
)
def test_who_gets_the_last_minutes(others: list[Matter], first: str) -> None:
    items = fit([*serious(30), *others])
    assert first in keys(on_agenda(items))
    assert count_minutes(items) <= 120


def test_a_promise_whose_day_has_not_come_can_wait() -> None:
    later = matter("x", promise_id=1, due=START + timedelta(days=9))
    assert "x" in waits(fit([*serious(30), later]))
    assert keys(on_agenda(fit([*serious(3), later])))[0] == "x"


def test_who_signs_up_late_moves_up_although_the_office_had_an_order() -> None:
    found = serious(20)
    kept = tuple(replace(item, id=place) for place, item in enumerate(fit(found), 1))
    kept = move_item_down(kept, 1)
    again = [*found[:-1], replace(found[-1], signed=True)]
    items = fit(again, kept=kept)
    assert keys(on_agenda(items))[:3] == ["s19", "s01", "s00"]
    assert "s14" in waits(items)


def test_what_waited_before_its_like_comes_before_it() -> None:
    items = fit([*serious(20), matter("old", weight=1, wait=3)])
    assert keys(on_agenda(items))[-1] == "old"


def test_a_wait_that_was_told_is_never_lengthened() -> None:
    found = serious(27)
    kept = [
        replace(item, id=place, told=Told.NOT if item.outcome is Outcome.WAITS else Told.ON)
        for place, item in enumerate(fit(found), 1)
    ]
    more = [matter(f"n{place}", weight=200) for place in range(9)]
    after = waits(fit([*found, *more], kept=kept))
    before = waits(kept)
    assert all((after[key] or 0) <= (wait or 0) for key, wait in before.items() if key in after)
    assert set(after) > set(before)


def test_what_is_longer_than_an_evening_is_cut_to_it() -> None:
    (item,) = fit([matter("a", weight=1)], Room(5, 5))
    assert (item.minutes, item.outcome) == (5, Outcome.OPEN)


MATTERS = st.lists(
    st.builds(
        matter,
        st.text("abcdef", min_size=3, max_size=3),
        returns=st.booleans(),
        weight=st.integers(0, 3),
        signed=st.booleans(),
        added=st.booleans(),
        sent=st.sampled_from(["", "冯主任"]),
        seen=st.integers(0, 4),
        promise_id=st.sampled_from([None, None, 1]),
        due=st.sampled_from([START - timedelta(days=1), START + timedelta(days=5)]),
        wait=st.sampled_from([None, None, 1, 2]),
    ),
    unique_by=lambda found: found.key,
    max_size=40,
)


@given(MATTERS, MATTERS, st.integers(10, 200), st.integers(0, 120))
def test_no_evening_is_longer_than_it_is_and_nothing_is_lost(
    before: list[Matter], now: list[Matter], minutes: int, for_waiting: int
) -> None:
    room = Room(minutes, for_waiting)
    kept = fit(before, room)
    items = fit(now, room, kept)
    assert count_minutes(items) <= minutes
    assert {item.matter for item in compose(Evening(START, boxes=BOXES), now)} == set(keys(items))
    staying = on_agenda(items)
    assert [item.place for item in staying] == list(range(1, len(staying) + 1))
    assert all((wait or 0) >= 1 for wait in waits(items).values())


@given(MATTERS)
def test_nobody_who_came_waits_behind_what_nobody_came_for(found: list[Matter]) -> None:
    items = fit(found)
    ranks = [item.rank for item in on_agenda(items)]
    assert [min(rank, 2) for rank in ranks] == sorted(min(rank, 2) for rank in ranks)
    left = [item for item in items if item.outcome is Outcome.WAITS and item.came]
    if any(item.ground is not Ground.PROMISE for item in left):
        others = [item for item in on_agenda(items) if not item.came]
        assert all(item.ground is Ground.ADDED for item in others)


WEEKS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 8)), min_size=2, max_size=9)


@given(WEEKS)
def test_over_many_mondays_nobody_waits_longer_than_was_said(weeks: list[tuple[int, int]]) -> None:
    """However many are raised each week, and as many sign up as there are seats."""
    waiting: dict[str, tuple[Matter, int]] = {}
    said: dict[str, int] = {}
    for week, (new, come) in enumerate(weeks):
        old = [
            replace(held, wait=wait - 1, returns=True, signed=False)
            for held, wait in waiting.values()
        ]
        fresh = [matter(f"{week}-{n:02}", weight=1) for n in range(new)]
        signed = [matter(f"{week}-came{n}", signed=True) for n in range(come)]
        items = fit([*old, *fresh, *signed])
        assert count_minutes(items) <= RULES.minutes
        by_key = {held.key: held for held in [*old, *fresh, *signed]}
        waiting = {key: (by_key[key], wait or 0) for key, wait in waits(items).items()}
        for key, (_held, wait) in waiting.items():
            assert said.setdefault(key, week + wait) >= week + wait
        assert all(said.get(item.matter, week) >= week for item in on_agenda(items))
        assert not [key for key in waiting if "came" in key]
