"""What a sentence about an absence means; what cannot be meant is asked, not guessed."""

from datetime import date

import pytest

from bot.core.absences import Unreadable, Wish, read_absence
from bot.core.names.colleagues import find_colleagues
from bot.core.people import Person, Role

TODAY = date(2024, 10, 14)
"""A Monday."""


def october(first: int, last: int | None = None, **fields: str) -> Wish:
    return Wish(date(2024, 10, first), date(2024, 10, last or first), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("10-14 至 10-16 交 小李", october(14, 16, to="小李")),
        ("10-14至10-16交小李", october(14, 16, to="小李")),
        ("１０－１４ 至 １０－１６ 交給 小李", october(14, 16, to="小李")),
        ("10月14-16日 由小李代班", october(14, 16, to="小李")),
        ("赵敏之 10-14 至 10-16 交 钱书远", october(14, 16, who="赵敏之", to="钱书远")),
        ("10.15-10.16", october(15, 16)),
        ("10-14 至 16", october(14, 16)),
        ("14号到16号", october(14, 16)),
        ("10-15", october(15)),
        ("", october(14)),
        ("交 小李", october(14, to="小李")),
        ("明天", october(15)),
        ("明天至后天", october(15, 16)),
        ("明天起3天", october(15, 17)),
        ("三天 交 小李", october(14, 16, to="小李")),
        ("十五天", october(14, 28)),
        ("十五号至十八号", october(15, 18)),
        ("明天起十二天", october(15, 26)),
        ("周五至周一", october(18, 21)),
        ("下周一至下周三", october(21, 23)),
        ("下周一到周三", october(21, 23)),
        ("12-30 至 1-3", Wish(date(2024, 12, 30), date(2025, 1, 3))),
    ],
)
def test_days_as_people_say_them(words: str, wish: Wish) -> None:
    assert read_absence(words, TODAY) == wish


@pytest.mark.parametrize(
    ("words", "who"), [("取消", ""), ("取消 赵敏之", "赵敏之"), ("赵敏之 取消", "赵敏之")]
)
def test_calling_it_off(words: str, who: str) -> None:
    wish = read_absence(words, TODAY)
    assert wish.cancel
    assert wish.who == who


@pytest.mark.parametrize(
    "words",
    [
        *("10-16 至 10-14", "10-16 至 14", "10-16 至 10-12 交 小李"),  # reversed
        *("10-13", "10-10 至 10-16", "2024-10-01", "12号"),  # past
        *("2月30日", "10-14 至 10-32", "10-14 至 99", "0天"),  # no such day
        *("10-14 家里有事", "今天下午", "10-14 至", "10-14 至 后"),  # more than can be read
        *("300天", "2025-09-01"),  # too long, too far
        *("2-3天", "半天", "几天", "明天上午", "周三或周四"),  # unclear
    ],
)
def test_what_cannot_be_meant_is_asked(words: str) -> None:
    with pytest.raises(Unreadable):
        read_absence(words, TODAY)


def people(*names: str) -> list[Person]:
    return [Person(place, name, Role.LIAISON) for place, name in enumerate(names)]


STAFF = people("赵敏之", "钱书远", "李望舒", "李大力", "周电工", "值班员小蒋", "李四")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("李望舒", ["李望舒"]),
        ("望舒", ["李望舒"]),
        ("小钱", ["钱书远"]),
        ("錢書遠", ["钱书远"]),
        ("周工", ["周电工"]),
        ("赵主任", ["赵敏之"]),
        ("小蒋", ["值班员小蒋"]),
        ("小李", ["李望舒", "李大力", "李四"]),
        ("王五", []),
        ("", []),
        ("主任", []),
    ],
)
def test_whom_a_name_can_mean(name: str, found: list[str]) -> None:
    assert [person.name for person in find_colleagues(name, STAFF)] == found
