"""Several enterprises, one category, one word or one place: that is a recurring matter."""

from datetime import timedelta

import pytest

from bot.core.classifier.categories import Category
from bot.core.leaders.recurring import (
    Complaint,
    find_recurrences,
    marks,
    median_days,
    pick_telling_words,
    same,
)
from tests.issues.samples import MONDAY_TEN

POWER = Category(
    "power", "用电", "", "供电公司", "default", ("用电", "供电", "电价", "停电", "尖峰"), ()
)
WORDS = {"用电": pick_telling_words(POWER, ("增容",))}


def build_complaint(
    n: int, firm: int, text: str, category: str = "用电", days: float | None = None
) -> Complaint:
    done = None if days is None else MONDAY_TEN + timedelta(days=days)
    return Complaint(n, firm, category, text, MONDAY_TEN, done)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电价太高了，用电成本降不下来", {"电价"}),  # 用电 only names the category
        ("尖峰電價太貴", {"尖峰", "电价"}),  # traditional
        ("想增容", {"增容"}),  # the office's own word
        ("供电公司不接电话", set()),  # names the department
        ("三号路又停电", {"3路", "停电"}),
        ("3号路停电", {"3路", "停电"}),
        ("十二号楼没有灯", {"12楼"}),
        ("二十号楼、２１栋", {"20楼", "21栋"}),
        ("东门和西南桥", {"东门", "西南桥"}),
    ],
)
def test_what_a_complaint_is_about(text: str, found: set[str]) -> None:
    assert marks(text, WORDS["用电"]) == found


def test_several_enterprises_make_a_matter() -> None:
    three = [build_complaint(n, n, "电价太高") for n in (1, 2, 3)]
    assert find_recurrences(three[:2], WORDS) == []
    assert (
        find_recurrences([*three[:2], build_complaint(9, 2, "电价又涨")], WORDS) == []
    )  # two firms, three times
    (found,) = find_recurrences([*three, build_complaint(9, 2, "电价又涨")], WORDS)
    assert (found.category, found.mark) == ("用电", "电价")
    assert (found.issues, found.firms) == ((1, 2, 3, 9), (1, 2, 3))


def test_the_same_word_in_another_category_is_another_matter() -> None:
    mixed = [
        build_complaint(1, 1, "3号路黑"),
        build_complaint(2, 2, "3号路黑"),
        build_complaint(3, 3, "3号路黑", "道路"),
    ]
    assert find_recurrences(mixed, WORDS) == []


def test_each_complaint_counts_once_and_the_widest_matter_comes_first() -> None:
    outages = [build_complaint(n, n, "三号路停电") for n in range(1, 5)]
    prices = [build_complaint(n, n, "电价高") for n in range(5, 8)]
    found = find_recurrences([*prices, *outages], WORDS)
    assert [(recurrence.mark, len(recurrence.firms)) for recurrence in found] == [
        ("停电", 4),
        ("电价", 3),
    ]
    listed = [issue for recurrence in found for issue in recurrence.issues]
    assert len(listed) == len(set(listed))


def test_what_is_dealt_with_is_not_found_again() -> None:
    prices = [build_complaint(n, n, "尖峰电价高") for n in range(1, 5)]
    assert find_recurrences(prices, WORDS, taken={("用电", "电价")}) == []


def test_later_complaints_are_counted_by_the_same_yardstick() -> None:
    later = [
        build_complaint(1, 1, "电价还是高"),
        build_complaint(2, 2, "停电"),
        build_complaint(3, 3, "电价", "其他"),
    ]
    assert [complaint.issue_id for complaint in same(later, ("用电", "电价"), WORDS)] == [1]
    # The category was taken out of the park's file since: the word alone counts.
    assert [complaint.issue_id for complaint in same(later, ("用电", "电价"), {})] == [1, 3]
    assert [
        complaint.issue_id
        for complaint in same([build_complaint(1, 1, "三号路黑")], ("用电", "3路"), {})
    ] == [1]


def test_half_took_longer() -> None:
    assert (
        median_days(
            [
                build_complaint(1, 1, "", days=1),
                build_complaint(2, 2, "", days=4),
                build_complaint(3, 3, ""),
            ]
        )
        == 2.5
    )
    assert median_days([build_complaint(1, 1, "")]) is None
