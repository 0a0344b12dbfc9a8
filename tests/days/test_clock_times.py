"""Times of day in people's words: read, or asked about."""

from datetime import time

import pytest

from bot.core.days.clock_times import END_OF_DAY, names_time, read_clock_time, take_clock_time


@pytest.mark.parametrize(
    ("words", "at"),
    [
        *(("15:00", time(15)), ("9:05", time(9, 5)), ("15 : 30", time(15, 30))),
        *(("下午3点", time(15)), ("15点30分", time(15, 30)), ("下午两点半", time(14, 30))),
        *(("晚上八点", time(20)), ("晚8点", time(20)), ("上午10点整", time(10))),
        *(("中午12点", time(12)), ("中午一点", time(13)), ("十五时三十分", time(15, 30))),
        *(("下午三点一刻", time(15, 15)), ("早上八点二十", time(8, 20)), ("傍晚六点", time(18))),
        *(("下午15点", time(15)), ("晚上12点", END_OF_DAY), ("24点", END_OF_DAY)),
        ("下午 3 点 半", time(15, 30)),
    ],
)
def test_a_moment(words: str, at: time) -> None:
    found = read_clock_time(words)
    assert found is not None
    assert (found.at, found.until, found.end) == (at, at, len(words))


@pytest.mark.parametrize("words", ["三点", "2点半", "25:00", "上午15点", "下午75点", "晚上三点"])
def test_a_moment_that_may_be_another_is_unclear(words: str) -> None:
    found = read_clock_time(words)
    assert found is not None
    assert found.unclear


@pytest.mark.parametrize(
    ("words", "until"),
    [
        *(("上午", time(12)), ("中午前", time(12)), ("下午", None), ("晚上", END_OF_DAY)),
        *(("下班前", None), ("上午下班前", time(12)), ("晚上十点后", END_OF_DAY)),
        *(("下午3点到5点", time(17)), ("午饭前", time(12))),
    ],
)
def test_a_part_of_the_day_has_its_end_and_no_moment(words: str, until: time | None) -> None:
    found = read_clock_time(words)
    assert found is not None
    assert (found.at, found.until, found.end) == (None, until, len(words))


@pytest.mark.parametrize("words", ["早日", "晚点", "小时", "时间", "点", "前", ""])
def test_no_time(words: str) -> None:
    assert read_clock_time(words) is None


def test_a_time_is_taken_out_of_the_words() -> None:
    assert take_clock_time("东区片区期 下午三点") == (time(15), "东区片区期")
    assert take_clock_time("东区片区期") == (None, "东区片区期")
    assert names_time("东区 下午")
    assert names_time("三点开")
    assert all(map(names_time, ("1530", "东区 15.30", "同一时间", "差一刻八点")))
    assert take_clock_time("差一刻八点") == (None, "差一刻八点")
    assert not names_time("东区片区期")
