"""Several matters in one message are parted, and one matter never is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.core.talk.acts import Role, State
from bot.core.talk.parts import find_parts
from tests.talk.utterances import first_reader

IDLE = State(Role.CONTACT)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (
            "1、下水道堵了 2、招不到焊工 3、房租能不能减",
            ("下水道堵了", "招不到焊工", "房租能不能减"),
        ),
        ("①路灯不亮②保安不管事", ("路灯不亮", "保安不管事")),
        ("一是路灯不亮，二是食堂太贵", ("路灯不亮", "食堂太贵")),
        ("您好，1.车间停水 2.电压不稳，谢谢", ("车间停水", "电压不稳，谢谢")),
        (
            "2台叉车充电桩跳闸，另外去年的设备补贴还没到，还有门口路灯不亮",
            ("2台叉车充电桩跳闸", "去年的设备补贴还没到", "门口路灯不亮"),
        ),
        ("宿舍停水了。还有一件事，食堂的菜不新鲜", ("宿舍停水了", "食堂的菜不新鲜")),
        ("减速带把车刮了 还有 宿舍热水没有了", ("减速带把车刮了", "宿舍热水没有了")),
        ("三号车间空调坏了还有就是门口路灯不亮", ("三号车间空调坏了", "门口路灯不亮")),
        ("宿舍没热水另外一个就是食堂的菜不新鲜", ("宿舍没热水", "食堂的菜不新鲜")),
    ],
)
def test_several_matters(words: str, parts: tuple[str, ...]) -> None:
    assert first_reader().split_matters(words, IDLE) == parts


@pytest.mark.parametrize(
    "words",
    [
        "还有没有技改补贴",
        "我们还有一个仓库漏水",
        "电还没有来",
        "另外，食堂的天然气也停了",
        "车间漏水，还有点漏电",
        "宿舍停水了，另外谢谢你们",
        "我有2.5吨货压在1.2号仓库出不去",
        "3号楼电梯坏了第三天了",
        "第一次来园区，车间就停电了",
    ],
)
def test_one_matter(words: str) -> None:
    assert first_reader().split_matters(words, IDLE) == (words,)


def test_a_long_letter_is_parted_only_at_its_numbers() -> None:
    letter = "我们厂的变压器已经老化，" * 12 + "另外，门口的路灯不亮，还有保安不管事"
    assert find_parts(letter) == (letter,)
    numbered = "1、" + "变压器老化，" * 30 + "2、" + "门口的路灯不亮，" * 30
    assert len(find_parts(numbered)) == 2


@given(some.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_parted(words: str) -> None:
    parts = find_parts(words)
    assert parts
    assert all(part in words for part in parts)
