"""A correction changes the word it names, and no other; English and Chinese words of one thing."""

import pytest

from bot.core.issues.meant import share_words
from bot.core.talk.corrections import correct_text


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("三号楼电梯坏了", "不是三号楼是五号楼", "五号楼电梯坏了"),
        ("三号楼电梯坏了", "是五号楼，不是三号楼", "五号楼电梯坏了"),
        ("三号楼的电梯坏了", "不对 是五号楼", "五号楼的电梯坏了"),
        ("三号宿舍楼的空调坏了", "不是三号宿舍楼，是五号宿舍楼的空调", "五号宿舍楼的空调坏了"),
        ("2栋厕所堵了", "说错了，应该是3栋", "3栋厕所堵了"),
        ("北门路灯坏了", "不是北门，是南门", "南门路灯坏了"),
        ("路灯坏了", "不是北门，是南门", None),
        ("三号楼到三号楼的路坏了", "不是三号楼是五号楼", None),
        ("三号楼电梯坏了", "不是三号楼是三号楼", None),
        ("三号楼电梯坏了", "一共坏了两台", None),
    ],
)
def test_the_named_word_gives_way(text: str, words: str, right: str | None) -> None:
    found = correct_text(text, words)
    assert (found.text if found else None) == right


@pytest.mark.parametrize(
    ("words", "text", "share"),
    [
        ("our air conditioner is broken", "the door lock is broken", False),
        ("the lock has no key", "our door lock is broken", True),
        ("Our air conditioner is broken", "宿舍门锁坏了", False),
        ("门锁芯断了", "宿舍门锁坏了", True),
        ("空调不制冷", "宿舍门锁坏了", False),
    ],
)
def test_words_of_one_thing_are_known(words: str, text: str, share: bool) -> None:
    assert share_words(words, text) is share
