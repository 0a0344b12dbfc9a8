"""Ratings in words, and sentences that are none."""

import pytest

from bot.core.issues.rating_words import Rating, read_rating


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        ("5分 很满意", Rating(5, True)),
        ("给个5星", Rating(5, True)),
        ("五星好评！", Rating(5, True)),
        ("打３分吧", Rating(3, True)),
        ("4星，就是慢了点", Rating(4, True, "就是慢了点")),
        ("很满意 5星🌟", Rating(5, True)),
        ("👍5分👍很满意", Rating(5, True)),
        ("2分吧 拖了一天 态度还行", Rating(2, True, "拖了一天")),
        ("3星 慢得要死", Rating(3, True, "慢得要死")),
        ("满分", Rating(5, True)),
        ("非常满意", Rating(5, False)),
        ("很滿意的", Rating(5, False)),
        ("满意", Rating(4, False)),
        ("还行吧", Rating(3, False)),
        ("不太满意", Rating(2, False)),
        ("差评", Rating(1, False)),
    ],
)
def test_a_rating_is_read(words: str, rating: Rating) -> None:
    assert read_rating(words) == rating


@pytest.mark.parametrize(
    "words",
    [
        "",
        "5",
        "5分钟就到",
        "5星级酒店的消防通道堵了",
        "5分 1分",
        "1分，非常满意",
        "满意，不满意",
        "满意度调查在哪填",
        "很好，不过门口路灯还不亮",
        "可以先修三号楼吗",
        "不好意思",
        "评分标准是什么",
    ],
)
def test_a_sentence_is_no_rating(words: str) -> None:
    assert read_rating(words) is None
