"""Shares and counts as they are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reports.figures import (
    CategoryCount,
    Recurring,
    Settled,
    Share,
    most_first,
    most_spread,
)


@pytest.mark.parametrize(
    ("n", "of", "percent"),
    [
        (0, 0, None),  # nothing of nothing is no rate
        (0, 7, 0),
        (7, 7, 100),
        (1, 8, 13),  # 12.5 is rounded up
        (999, 1000, 99),  # not everything
        (1, 1000, 1),  # not nothing
    ],
)
def test_per_cent(n: int, of: int, percent: int | None) -> None:
    assert Share(n, of).percent == percent


@pytest.mark.parametrize(("n", "of"), [(1, 0), (-1, 3), (4, 3)])
def test_more_than_all_is_no_share(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        Share(n, of)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_per_cent_is_whole_only_when_it_is(n: int, of: int) -> None:
    share = Share(min(n, of), of)
    percent = share.percent
    assert percent is not None
    assert (percent == 100) == (share.n == share.of)
    assert (percent == 0) == (share.n == 0)
    assert abs(percent - 100 * share.n / share.of) <= 1


def test_what_was_resolved_falls_apart_into_three() -> None:
    settled = Settled(claimed=10, confirmed=5, silent=4, rated=3, satisfied=2)
    assert (settled.unhappy, settled.without_rating) == (1, 7)


def test_lists_begin_with_the_most() -> None:
    a, b, c = CategoryCount("用电", 2), CategoryCount("用水", 2, open=1), CategoryCount("", 3)
    assert most_first([a, b, c]) == (c, b, a)
    one, two = Recurring("交通", 9, 3), Recurring("用电", 4, 4)
    assert most_spread([one, two]) == (two, one)
