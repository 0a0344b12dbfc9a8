"""What people answer to an invitation, and sentences that only look like it."""

import pytest

from bot.core.sessions.replies import Attendance, ReplyKind, read_attendance, read_excuse


@pytest.mark.parametrize(
    ("words", "answer", "rest"),
    [
        ("好，我们去2个人", ReplyKind.COMES, "我们去2个人"),
        ("好的，去两位", ReplyKind.COMES, "去两位"),
        ("2个人", ReplyKind.COMES, "2个人"),
        ("来", ReplyKind.COMES, ""),
        ("一定到", ReplyKind.COMES, ""),
        ("我们準時參加", ReplyKind.COMES, ""),
        ("可以的", ReplyKind.COMES, ""),
        ("好的", ReplyKind.UNSURE, ""),
        ("收到！", ReplyKind.UNSURE, ""),
        ("来不了，让小李去", ReplyKind.DEPUTY, "让小李去"),
        ("来不了 出差，让小王去", ReplyKind.DEPUTY, "出差，让小王去"),
        ("晚上去不了，让小王去行不行", ReplyKind.DEPUTY, "晚上去不了，让小王去行不行"),
        ("派小王参加", ReplyKind.DEPUTY, "派小王参加"),
        ("我不去了，让小张代表公司参加", ReplyKind.DEPUTY, "让小张代表公司参加"),
        ("临时有事来不了了", ReplyKind.AWAY, "临时有事来不了了"),
        ("我在外地，参加不了", ReplyKind.AWAY, "我在外地"),
        ("去不了 孩子发烧", ReplyKind.AWAY, "孩子发烧"),
        ("几点？在哪？", ReplyKind.ASKS, ""),
        ("好的，几点开始", ReplyKind.ASKS, ""),
        ("我要准备什么材料", ReplyKind.ASKS, ""),
        ("最多去几个人", ReplyKind.ASKS, ""),
    ],
)
def test_an_answer_is_read_for_what_it_says(words: str, answer: ReplyKind, rest: str) -> None:
    assert read_attendance(words) == Attendance(answer, rest)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "？",
        "工人来不了",
        "班车来不了，员工迟到",
        "自来水来不了",
        "来不了电了",
        "让电工来",
        "叫你们师傅来",
        "几点来电",
        "你们几点来",
        "什么时候修好",
        "在哪办",
        "有事",
        "今天开会",
        "我们去2个人修过了",
        "来了2个人没修好",
        "两个人受伤",
        "我们公司要招2个人",
        "来不了，另外我们车间停电了",
        "参加社保要什么材料",
        "不参加社保行吗",
        "还没来",
        "好，" * 9,
    ],
)
def test_a_sentence_about_something_else_is_no_answer(words: str) -> None:
    assert read_attendance(words) is None


def test_behind_the_verb_any_words_are_the_reason() -> None:
    assert read_excuse("厂里检修") == Attendance(ReplyKind.AWAY, "厂里检修")
    assert read_excuse("出差，让小王去") == Attendance(ReplyKind.DEPUTY, "出差，让小王去")
