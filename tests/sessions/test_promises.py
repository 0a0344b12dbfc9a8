"""Promises: read from one line as people write it, asked about where unclear; their clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.park.park import Park
from bot.core.sessions.promises import (
    Bell,
    Draft,
    Flaw,
    Kept,
    Promise,
    Unreadable,
    bells,
    days_taken,
    get_closing_time,
    get_due_time,
    next_bell,
    read_order,
    read_promise,
    rung,
)

MONDAY = date(2024, 10, 14)
PARK = Park(name="测试园", prefix="YZ")
MADE = datetime(2024, 10, 14, 11, 45, tzinfo=UTC)
PROMISE = Promise(
    *(1, 1, 3, 1, "issue:1", "供电公司", "完成增容"),
    due=get_closing_time(date(2024, 10, 25), PARK),
    first_due=get_closing_time(date(2024, 10, 25), PARK),
    made_at=MADE,
)


@pytest.mark.parametrize(
    ("words", "who", "day", "what"),
    [
        ("供电公司 下周五前 完成增容", "供电公司", date(2024, 10, 25), "完成增容"),
        ("供电公司　１０月３０日前　完成增容", "供电公司", date(2024, 10, 30), "完成增容"),
        ("供电公司，周五，完成 2 号变压器", "供电公司", date(2024, 10, 18), "完成 2 号变压器"),
        ("下周五前 供电公司 完成增容", "供电公司", date(2024, 10, 25), "完成增容"),
        ("供电公司 下周五前完成增容", "供电公司", date(2024, 10, 25), "完成增容"),
        ("供电公司 月底前 完成增容", "供电公司", date(2024, 10, 31), "完成增容"),
        ("供电公司 两周内 完成增容", "供电公司", date(2024, 10, 28), "完成增容"),
        ("供电公司 三天内 交方案", "供电公司", date(2024, 10, 17), "交方案"),
        ("供电公司 3个工作日内 交方案", "供电公司", date(2024, 10, 17), "交方案"),
        ("供电公司 5个工作日内 交方案", "供电公司", date(2024, 10, 21), "交方案"),
        ("供电公司 3个月内 完成增容", "供电公司", date(2025, 1, 14), "完成增容"),
        ("供电公司 半个月内 完成增容", "供电公司", date(2024, 10, 29), "完成增容"),
        ("供电公司 11月底前 完成增容", "供电公司", date(2024, 11, 30), "完成增容"),
        ("供电公司 年底前 完成增容", "供电公司", date(2024, 12, 31), "完成增容"),
        ("供电公司下周五前完成增容", "供电公司", date(2024, 10, 25), "完成增容"),
        ("园区物业公司10月28日前 晚餐延到八点", "园区物业公司", date(2024, 10, 28), "晚餐延到八点"),
        ("供电公司 2025年6月30日前 建好变电站", "供电公司", date(2025, 6, 30), "建好变电站"),
        ("供电公司 3-5个工作日内 换灯", "供电公司", date(2024, 10, 21), "换灯"),
        ("供电公司十五个工作日内换灯", "供电公司", date(2024, 11, 4), "换灯"),
        ("供电公司 一百二十天内 换灯", "供电公司", date(2025, 2, 11), "换灯"),
        ("三一重工 明年一季度末前 换灯", "三一重工", date(2025, 3, 31), "换灯"),
        ("供电公司 会 在 10.30前 换灯", "供电公司", date(2024, 10, 30), "会换灯"),
        ("供电公司 3天 换灯", "供电公司", date(2024, 10, 17), "换灯"),
    ],
)
def test_a_clear_line(words: str, who: str, day: date, what: str) -> None:
    assert read_promise(words, MONDAY, PARK.hours.calendar) == Draft(who, day, what)


@pytest.mark.parametrize(
    ("words", "flaw"),
    [
        ("供电公司 2月30日 完成增容", Flaw.NO_SUCH_DAY),
        ("供电公司 上周五前 完成增容", Flaw.PAST),
        ("供电公司 昨天 完成增容", Flaw.PAST),
        ("供电公司 2024年10月1日 完成增容", Flaw.PAST),
        ("供电公司 10月1日前 完成增容", Flaw.FAR),
        ("供电公司 尽快 完成增容", Flaw.NO_DAY),
        ("供电公司 国庆后 完成增容", Flaw.FAR),
        ("供电公司 本周日前 换3号变压器，11月1日 送电", Flaw.TWO),
        ("供电公司 周三或者周五前 完成增容", Flaw.UNCLEAR),
        ("供电公司 更换 3号 变压器", Flaw.NO_DAY),
        ("供电公司 1.5个月内 完成增容", Flaw.NO_DAY),
        ("供电公司尽快完成增容", Flaw.NO_DAY),
        ("供电公司2月30日前完成增容", Flaw.NO_SUCH_DAY),
        ("供电公司13月底前完成增容", Flaw.NO_SUCH_DAY),
        ("", Flaw.NO_DAY),
        ("下周五前", Flaw.NO_WHO),
        ("供电公司 下周五前", Flaw.NO_WHAT),
        ("供电公司 下周五前 完成增容；水务公司 周三前 换表", Flaw.TWO),
        ("供电公司 下周五前 完成增容 水务公司 周三前 换表", Flaw.TWO),
    ],
)
def test_an_unclear_line_is_asked_about(words: str, flaw: Flaw) -> None:
    with pytest.raises(Unreadable) as found:
        read_promise(words, MONDAY)
    assert found.value.flaw is flaw


@pytest.mark.parametrize(
    ("words", "hour", "minute"),
    [("今天", 23, 59), ("今晚十点前", 22, 0), ("明天上午", 12, 0), ("明天", 17, 30)],
)
def test_it_is_due_by_the_time_that_was_said(words: str, hour: int, minute: int) -> None:
    now = datetime(2024, 10, 14, 11, 30, tzinfo=UTC)  # 19:30 in the park
    due = get_due_time(read_promise(f"供电公司 {words} 送电", MONDAY), PARK, now)
    assert (due.hour, due.minute) == (hour, minute)
    assert due > now


def test_a_time_of_today_that_is_over_is_asked_about() -> None:
    now = datetime(2024, 10, 14, 11, 30, tzinfo=UTC)
    with pytest.raises(Unreadable) as found:
        get_due_time(read_promise("供电公司 今天下午3点前 送电", MONDAY), PARK, now)
    assert (found.value.flaw, found.value.part) == (Flaw.PAST, "今天下午3点前")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        *(("95-03", (95, 3)), ("95-3", (95, 3)), ("９５－０３", (95, 3)), ("95—3", (95, 3))),
        *(("003", None), ("3号", None), ("YZ-20241014-003", None), ("", None)),
    ],
)
def test_a_promises_number(words: str, meant: tuple[int, int] | None) -> None:
    assert read_order(words) == meant


def test_its_clock() -> None:
    assert {bell: at.astimezone(UTC) for at, bell in bells(PROMISE, PARK)} == {
        Bell.ASK: MADE + timedelta(minutes=10),
        Bell.REMIND: datetime(2024, 10, 24, 1, 0, tzinfo=UTC),
        Bell.OVERDUE: datetime(2024, 10, 25, 9, 30, tzinfo=UTC),
        # A working day later; Saturday and Sunday are none.
        Bell.LEADER: datetime(2024, 10, 28, 9, 30, tzinfo=UTC),
    }


def test_each_bell_rings_once() -> None:
    promise, heard = PROMISE, []
    while (at := next_bell(promise, PARK)) is not None:
        heard += rung(promise, PARK, at)
        promise = replace(promise, spoken_at=at, told_at=promise.told_at or at)
    assert heard == [Bell.ASK, Bell.REMIND, Bell.OVERDUE, Bell.LEADER]


def test_a_settled_promise_is_silent() -> None:
    assert next_bell(replace(PROMISE, kept=Kept.KEPT), PARK) is None


def test_days_are_those_of_the_parks_calendar() -> None:
    # 23:30 in Shanghai is still the same day there.
    late = datetime(2024, 11, 1, 15, 30, tzinfo=UTC)
    assert days_taken(PROMISE, late, PARK) == 18
