"""Days in people's words: no word is lost, no number cut, and what is printed is read again."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.days.dates import (
    NoSuchDay,
    SeveralDays,
    UnclearDay,
    find_deadline,
    find_due_time,
    read_day,
    read_deadline,
)
from bot.core.days.mentions import find_mentions
from bot.core.days.numerals import is_numeral
from bot.core.days.working_calendar import OFFICIAL, Calendar
from bot.core.days.working_hours import SHANGHAI, WorkingHours
from bot.core.reading import fold
from bot.texts import load
from tests.days.test_numerals import write_number

MONDAY = date(2024, 10, 14)
TEXTS = load(SHANGHAI)
PIECES = tuple(
    re.findall(
        r"\S+",
        """
        供电公司 三一重工 1号楼 3号 换2台 十五 一百二十 20 3-5 两三 半 每 个工作日 天 周 个月 月
        日 号 点 小时 季度 年 旬 内 前 后 底 下 下周五 周三 星期天 10月 十二月 10.15 国庆 节 明天
        今天 上午 晚上 十点 15:30 或者 至 到 最迟 争取 尽快 第 的 ， （ ） 完成增容 本周
        """,
    )
)


SENTENCES = st.lists(st.sampled_from([*PIECES, " "]), min_size=1, max_size=9).map("".join)


@given(SENTENCES)
def test_no_word_is_dropped(sentence: str) -> None:
    try:
        found = find_deadline(sentence, MONDAY)
    except (NoSuchDay, UnclearDay):
        return
    if found is None:
        return
    parts = found.before + found.said + found.after
    assert sorted(_join(parts)) == sorted(_join(sentence))


@given(SENTENCES)
def test_no_number_is_cut_in_its_middle(sentence: str) -> None:
    text = fold(sentence)
    for mention in find_mentions(text, MONDAY, OFFICIAL):
        if mention.day is not None:
            weekday = text[mention.end - 1] in "一二三四五六"  # a numeral that is no number
            assert weekday or not _is_inside(text, mention.end)
            assert not _is_inside(text, mention.start)


def _is_inside(text: str, at: int) -> bool:
    """Digits beside words are two numbers: 15:30三一重工."""
    pair = text[at - 1 : at + 1] if at else ""
    return len(pair) == 2 and all(map(is_numeral, pair)) and len(set(map(str.isdecimal, pair))) == 1


def _join(words: str) -> str:
    return "".join(char for char in fold(words) if char not in " ,，、。:：()")


@given(st.integers(1, 120), st.booleans(), st.sampled_from([" ", ""]))
def test_a_number_of_days_is_read_whole(number: int, spoken: bool, gap: str) -> None:
    written = write_number(number) if spoken else str(number)
    found = find_deadline(f"供电公司{gap}{written}天内{gap}换表", MONDAY)
    assert found is not None
    assert (found.before, found.after) == ("供电公司", "换表")
    assert found.day == MONDAY + timedelta(days=number)


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(["-", "至", "到", "~", "—"]))
def test_of_a_range_the_later_end_is_read(first: int, last: int, to: str) -> None:
    assume(first < last)
    found = read_deadline(f"{first}{to}{last}个工作日内 等设备", MONDAY)
    assert found is not None
    assert found.day == OFFICIAL.after(MONDAY, last)
    assert found.after == "等设备"


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 364), st.booleans())
def test_what_is_printed_is_read(today: date, ahead: int, timed: bool) -> None:
    day = today + timedelta(days=ahead)
    at = datetime.combine(day, time(14, 30), SHANGHAI)
    printed = TEXTS.format_value(at if timed else day)
    found = read_deadline(f"{printed} 前 等设备", today)
    assert found is not None
    assert (found.day, found.after) == (day, "等设备")
    assert found.until == (time(14, 30) if timed else None)


@pytest.mark.parametrize(
    ("words", "today", "day"),
    [
        # 29 February is in the next year that has one.
        ("2月29日", date(2027, 12, 20), date(2028, 2, 29)),
        ("2-29", date(2028, 1, 10), date(2028, 2, 29)),
        ("二月二十九号前", date(2025, 3, 1), date(2028, 2, 29)),
        ("2月29日", date(2028, 2, 29), date(2028, 2, 29)),
        ("2月29日", date(2028, 3, 1), date(2032, 2, 29)),
        # The end of a month that is shorter.
        ("一个月内", date(2025, 1, 31), date(2025, 2, 28)),
        ("2月底", date(2027, 12, 1), date(2028, 2, 29)),
        # A weekday said on that day is next week's; 本周 says this one.
        ("星期二", date(2024, 10, 15), date(2024, 10, 22)),
        ("本周二", date(2024, 10, 15), date(2024, 10, 15)),
        # Across the year.
        ("一季度末", date(2024, 12, 30), date(2025, 3, 31)),
        ("下月初", date(2024, 12, 30), date(2025, 1, 10)),
        ("下季度内", date(2024, 12, 30), date(2025, 3, 31)),
        ("本周内", date(2024, 10, 19), date(2024, 10, 20)),
        # The weekday beside the day belongs to it.
        ("10月15日星期二前", date(2024, 10, 14), date(2024, 10, 15)),
        ("20号周日前", date(2024, 10, 14), date(2024, 10, 20)),
        ("10.18周五前", date(2024, 10, 14), date(2024, 10, 18)),
        ("明年五一前", date(2024, 10, 14), date(2025, 4, 30)),
        ("季度末", date(2024, 10, 14), date(2024, 12, 31)),
        ("10月20日及以前", date(2024, 10, 14), date(2024, 10, 20)),
        ("10月20日（含）前", date(2024, 10, 14), date(2024, 10, 20)),
        ("延到10月20号", date(2024, 10, 14), date(2024, 10, 20)),
    ],
)
def test_the_day(words: str, today: date, day: date) -> None:
    found = read_deadline(f"{words} 等设备", today)
    assert found is not None
    assert (found.day, found.after) == (day, "等设备")


@pytest.mark.parametrize(
    "words",
    [
        *("10月25日（周四）前", "下周三四", "周三或周五", "下周五以后", "10月20日前后"),
        *("4月前", "下周前", "双节前", "国庆期间", "年前", "三天前", "几天内", "3-5号", "3-5"),
        *("10月15日星期五前", "20号周五前", "明天三点", "18号，19号或20号", "下周三、四"),
    ],
)
def test_an_unclear_day_is_asked_about(words: str) -> None:
    with pytest.raises(UnclearDay):
        read_deadline(f"{words} 等设备", MONDAY.replace(month=11))


@pytest.mark.parametrize("words", ["第二个周五前", "中秋国庆前", "每月20日前", "26年9月30日前"])
def test_words_before_a_day_that_make_it_another_are_asked_about(words: str) -> None:
    with pytest.raises(UnclearDay):
        find_deadline(f"供电公司 {words} 换表", MONDAY)


def test_two_days_are_asked_about() -> None:
    with pytest.raises(SeveralDays):
        find_deadline("供电公司 周三前 换表 下周五前 验收", MONDAY)


@pytest.mark.parametrize(
    "sentence",
    [
        *("供电公司 更换 3号 变压器", "供电公司 停电3天检修", "供电公司 电压降到10.5 千伏"),
        *("供电公司 晚上十点后 停电", "供电公司 尽快 换表", "供电公司 一个多月内 换表"),
        *("供电公司 季节前 换表", "", "供电公司 十月公司 换表"),
    ],
)
def test_a_number_of_something_is_no_day(sentence: str) -> None:
    assert find_deadline(sentence, MONDAY) is None


@pytest.mark.parametrize(
    ("sentence", "after"),
    [
        ("供电公司 下周五前 提交10月20日的停电方案", "提交10月20日的停电方案"),
        ("供电公司 下周五前往现场", "前往现场"),
        ("供电公司 下周五 到货", "到货"),
        ("供电公司 争取下周五前 到货", "争取到货"),
        ("供电公司 下周五前 每周一报进度", "每周一报进度"),
        ("供電公司 下週五前 換變壓器", "換變壓器"),
    ],
)
def test_what_is_promised_keeps_its_words(sentence: str, after: str) -> None:
    found = find_deadline(sentence, MONDAY)
    assert found is not None
    assert (found.day, found.after) == (date(2024, 10, 25), after)


def test_a_parks_own_days_off_count() -> None:
    calendar = Calendar(off=frozenset({date(2024, 10, 15)}))
    found = read_deadline("1个工作日内 换表", MONDAY, calendar)
    assert found is not None
    assert found.day == date(2024, 10, 16)


@pytest.mark.parametrize("words", ["14号", "3天", "下周", "10-14至10-16起"])
def test_a_plain_day_is_no_number_alone(words: str) -> None:
    found = read_day(words, MONDAY)
    assert found is None or found == (MONDAY, "至10-16起")


def test_what_is_said_for_today_after_office_hours_has_the_whole_day() -> None:
    hours = WorkingHours()
    evening = datetime(2024, 10, 14, 11, 30, tzinfo=UTC)
    due = find_due_time(MONDAY, None, hours, evening)
    assert due == datetime(2024, 10, 14, 23, 59, tzinfo=SHANGHAI)
    morning = datetime(2024, 10, 14, 1, 30, tzinfo=UTC)
    assert find_due_time(MONDAY, None, hours, morning).hour == 17
    assert find_due_time(MONDAY, time(12), hours, evening).hour == 12
