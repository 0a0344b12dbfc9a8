"""The Chinese working calendar against the notices, beyond them, and with a park's corrections."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from bot.core.days.working_calendar import OFFICIAL, Calendar, horizon, statutory_days

DAY = timedelta(days=1)


def days(first: str, last: str) -> list[date]:
    since, until = date.fromisoformat(first), date.fromisoformat(last)
    return [since + DAY * n for n in range((until - since).days + 1)]


# 国务院办公厅关于2026年部分节假日安排的通知, copied by hand: the package must agree, not be asked.
OFF_2026 = {
    *days("2026-01-01", "2026-01-03"),  # 元旦
    *days("2026-02-15", "2026-02-23"),  # 春节
    *days("2026-04-04", "2026-04-06"),  # 清明节
    *days("2026-05-01", "2026-05-05"),  # 劳动节
    *days("2026-06-19", "2026-06-21"),  # 端午节
    *days("2026-09-25", "2026-09-27"),  # 中秋节
    *days("2026-10-01", "2026-10-07"),  # 国庆节
}
WORKED_WEEKENDS_2026 = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}


def is_workday_in_2026(day: date) -> bool:
    if day in WORKED_WEEKENDS_2026:
        return True
    return day.weekday() < 5 and day not in OFF_2026


def test_every_day_of_2026_is_as_the_notice_says() -> None:
    wrong = [
        day
        for day in days("2026-01-01", "2026-12-31")
        if OFFICIAL.is_working_day(day) is not is_workday_in_2026(day) or OFFICIAL.is_estimate(day)
    ]
    assert wrong == []


def test_mondays_off_in_2026() -> None:
    mondays = [day for day in days("2026-01-01", "2026-12-31") if day.weekday() == 0]
    off = [f"{day:%m-%d}" for day in mondays if not OFFICIAL.is_working_day(day)]
    assert off == ["02-16", "02-23", "04-06", "05-04", "10-05"]


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2026-05-12", "2026-05-13"),  # Tuesday → Wednesday
        ("2026-05-15", "2026-05-18"),  # Friday → Monday
        ("2026-05-08", "2026-05-09"),  # Friday → the Saturday that pays for 劳动节
        ("2026-02-14", "2026-02-24"),  # the worked Saturday before 春节 → the Tuesday after it
        ("2026-09-30", "2026-10-08"),  # the eve of 国庆 → Thursday a week later
        ("2026-10-03", "2026-10-08"),  # a day off in the middle of 国庆
        ("2026-12-31", "2027-01-04"),  # across New Year: Friday 1 January is off by estimate
    ],
)
def test_the_next_working_day(day: str, following: str) -> None:
    found = OFFICIAL.next_working_day(date.fromisoformat(day))
    assert found == date.fromisoformat(following)


# What the law alone gives for 2027; the notice will add bridges and worked weekends.
STATUTORY_2027 = {
    date(2027, 1, 1),  # 元旦, Friday
    *days("2027-02-05", "2027-02-08"),  # 除夕 to 初三: 6 February is the first lunar day
    date(2027, 4, 5),  # 清明
    *days("2027-05-01", "2027-05-02"),  # 劳动节
    date(2027, 6, 9),  # 端午
    date(2027, 9, 15),  # 中秋
    *days("2027-10-01", "2027-10-03"),  # 国庆
}


def test_the_estimate_of_2027_is_weekends_and_statutory_days() -> None:
    wrong = [
        day
        for day in days("2027-01-01", "2027-12-31")
        if OFFICIAL.is_working_day(day) is not (day.weekday() < 5 and day not in STATUTORY_2027)
    ]
    assert wrong == []
    assert all(OFFICIAL.is_estimate(day) for day in days("2027-01-01", "2027-12-31"))


def test_the_estimate_would_have_been_right_for_the_years_with_a_notice() -> None:
    for year in (2025, 2026):  # the years so far under the law of 2025
        assert len(statutory_days(year)) == 13
        assert not any(map(chinese_calendar.is_workday, statutory_days(year)))


def test_a_mid_autumn_inside_the_national_holiday_is_not_counted_twice() -> None:
    assert date(2028, 10, 3) in statutory_days(2028)
    assert len(statutory_days(2028)) == 12


def test_tomb_sweeping_agrees_with_the_solar_terms_until_the_tables_end() -> None:
    for year in range(2027, 2100):
        (found,) = (day for day in statutory_days(year) if day.month == 4)
        terms = chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 10))
        assert found in [day for day, _ in terms]


def test_years_beyond_the_lunar_tables_still_have_weekends_and_fixed_days() -> None:
    assert not OFFICIAL.is_working_day(date(2150, 10, 2))
    assert OFFICIAL.is_working_day(date(2150, 10, 5))  # a Monday


def test_the_horizon_is_the_last_noticed_day() -> None:
    assert not OFFICIAL.is_estimate(horizon())
    assert OFFICIAL.is_estimate(horizon() + DAY)


def test_a_correction_beats_the_notice_the_weekday_and_the_estimate() -> None:
    park = Calendar(
        off=frozenset({date(2026, 5, 12), date(2026, 5, 9), date(2027, 1, 4)}),
        work=frozenset({date(2026, 10, 1), date(2026, 5, 16), date(2027, 1, 1)}),
    )
    assert not park.is_working_day(date(2026, 5, 12))  # an ordinary Tuesday
    assert not park.is_working_day(date(2026, 5, 9))  # a make-up Saturday
    assert not park.is_working_day(date(2027, 1, 4))  # an estimated working Monday
    assert park.is_working_day(date(2026, 10, 1))  # 国庆
    assert park.is_working_day(date(2026, 5, 16))  # an ordinary Saturday
    assert park.is_working_day(date(2027, 1, 1))  # an estimated holiday
    assert not park.is_estimate(date(2027, 1, 4))
    assert not park.is_estimate(date(2027, 1, 1))
    assert park.is_estimate(date(2027, 1, 5))


def test_a_day_cannot_be_both_off_and_worked() -> None:
    both = frozenset({date(2027, 2, 4), date(2027, 2, 3)})
    with pytest.raises(ValueError, match=r"off, work: 2027-02-03 is in both"):
        Calendar(off=both, work=both)
