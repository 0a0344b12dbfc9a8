"""Greetings, leads-in and thanks are taken off, and nothing that says something."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.core.talk.shells import Kind, find_title, strip_shells
from tests.talk.utterances import read_own_set

BEFORE = ["", "你好，", "您好，请问", "你好，想问一下，", "喂您好我想反映一下就是", "嗯那个就是说"]
BEFORE += ["我是恒宇的王芳，", "尊敬的领导：您好！", "王主任您好，", "打扰一下，", "Hello, "]
AFTER = [
    "",
    "，谢谢",
    "，谢谢！辛苦了",
    "，麻烦尽快处理",
    "，请派人来看看，谢谢！",
    "。感谢！",
    "🙏",
]
MATTERS = ["下水道堵了", "三车间漏水", "我们厂的电梯停了", "停车场什么时候开放", "缺3个焊工"]


@pytest.mark.parametrize("matter", MATTERS)
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("after", AFTER)
def test_only_the_matter_is_left(before: str, matter: str, after: str) -> None:
    words = before + matter + after
    stripped = strip_shells(words)
    assert stripped.core == matter
    assert words[stripped.start :].startswith(matter)
    assert find_title(words) == matter


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("你好", [Kind.GREETING]),
        ("谢谢你们，辛苦了", [Kind.THANKS, Kind.THANKS]),
        ("你好，我是恒宇的王芳", [Kind.GREETING, Kind.SELF]),
    ],
)
def test_a_message_may_be_nothing_but_shells(words: str, kinds: list[Kind]) -> None:
    stripped = strip_shells(words)
    assert stripped.core == ""
    assert list(stripped.kinds) == kinds
    assert find_title(words) == words


@pytest.mark.parametrize("words", ["麻烦尽快处理", "请派人来看看", "想问一下", "那个"])
def test_a_request_alone_stays(words: str) -> None:
    assert strip_shells(words).core == words


def test_no_matter_is_emptied() -> None:
    matters = [row.text for row in read_own_set() if row.is_matter]
    assert len(matters) > 100
    assert [text for text in matters if not strip_shells(text).core] == []


def test_traditional_characters_are_no_hindrance() -> None:
    assert strip_shells("領導您好，廠房漏水，謝謝").core == "廠房漏水"


def test_a_title_is_the_first_sentence_on_one_line() -> None:
    assert find_title("您好！\n厂门口的路灯坏了。\n请来修，谢谢") == "厂门口的路灯坏了"
    assert find_title("啊" * 100) == "啊" * 40


@given(some.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_stripped(words: str) -> None:
    stripped = strip_shells(words)
    assert stripped.core in words
    assert [words[shell.start : shell.end] for shell in stripped.shells] == [
        shell.text for shell in stripped.shells
    ]
    assert bool(find_title(words)) == bool(words.strip())
