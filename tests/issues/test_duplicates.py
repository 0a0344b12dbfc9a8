"""Open issues on the same matter are shown to the liaison, likeliest first, and never merged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.issues.duplicates import Band, Matter, same_matter

OPEN = (
    Matter(1, "三号楼从早上八点开始停电，生产线全停了", "用电", "三号楼"),
    Matter(2, "园区东门路口大货车乱停，上下班堵得厉害", "交通", "东门"),
    Matter(3, "想招二十个焊工，人才市场招不到人", "用工", None),
    Matter(4, "宿舍楼下的路灯坏了两个星期没人修", "物业", "宿舍"),
    Matter(5, "稳岗补贴三月份交的材料，一直没有到账", "政策", None),
)


@pytest.mark.parametrize(
    ("said", "issue"),
    [
        ("您好，三号楼从早上开始停电，生产线停了", 1),
        ("三號樓從早上八點開始停電，生產線全停了", 1),
        ("东门路口大货车乱停，堵得厉害", 2),
        ("路灯坏了两个星期没人修，在宿舍楼下", 4),
        ("尊敬的领导：您好！\n稳岗补贴三月份交了材料一直没有到账", 5),
    ],
)
def test_the_same_matter_is_likely(said: str, issue: int) -> None:
    first, *_ = same_matter(said, OPEN)
    assert (first.id, first.band) == (issue, Band.LIKELY)


@pytest.mark.parametrize(
    ("said", "category", "issue"),
    [("停电了", "用电", 1), ("三号楼停电了", None, 1), ("路灯坏了", None, 4)],
)
def test_a_few_words_are_possible(said: str, category: str | None, issue: int) -> None:
    first, *_ = same_matter(said, OPEN, category=category)
    assert (first.id, first.band) == (issue, Band.POSSIBLE)


def test_a_sentence_within_a_long_message_is_likely() -> None:
    long = "尊敬的领导，我们公司在东区。" + OPEN[1].text + "，希望交警来管一管，员工天天迟到。"
    first, *_ = same_matter(OPEN[1].text, [Matter(8, long)])
    assert first.band is Band.LIKELY


@pytest.mark.parametrize("said", ["食堂的菜太贵了", "专利怎么申请", "", "您好", "1", "\ud800"])
def test_a_new_matter_is_like_none(said: str) -> None:
    assert same_matter(said, OPEN) == ()


def test_place_and_category_break_a_tie() -> None:
    said, text = "门口停电好久了", "门口停电了好久"
    twins = [Matter(1, text, "物业", "A栋"), Matter(2, text, "用电", "B栋")]
    assert same_matter(said, twins, place="Ｂ栋")[0].id == 2
    assert same_matter(said, twins, category="用电")[0].id == 2
    assert same_matter(said, twins, category="物业")[0].id == 1


def test_the_same_place_alone_is_not_the_same_matter() -> None:
    assert same_matter("食堂的菜太贵了", OPEN, place="三号楼", category="用电") == ()


def test_other_numbers_are_another_matter() -> None:
    said = "3号楼电梯坏了，困住人了"
    same, other = same_matter(said, [Matter(1, "5号楼电梯坏了，困住人了"), Matter(2, said)])
    assert (same.id, same.band) == (2, Band.LIKELY)
    assert other.score < same.score - 0.2


def test_at_most_so_many_are_shown_in_a_fixed_order() -> None:
    many = [Matter(at, "三号楼停电了，什么时候来电") for at in (9, 4, 7, 2)]
    shown = same_matter("三号楼停电了，什么时候来电", many)
    assert [matter.id for matter in shown] == [2, 4, 7]
    assert len(same_matter("三号楼停电了，什么时候来电", many, limit=1)) == 1


def test_a_very_long_message_is_compared_by_its_opening() -> None:
    said = "三号楼从早上八点开始停电，生产线全停了。" * 50_000
    shown = same_matter(said, [Matter(1, said + "请尽快处理")])
    assert shown[0].score == pytest.approx(1.0)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_has_no_direction(one: str, two: str) -> None:
    there = same_matter(one, [Matter(1, two)])
    back = same_matter(two, [Matter(1, one)])
    assert there == back
    assert all(0 <= shown.score <= 1 for shown in there)
