"""The place of an item before words without a gap."""

import pytest

from bot.core.sessions.places import split_place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3号供电公司下周五前完成增容", (3, "供电公司下周五前完成增容")),
        ("３ 号供电公司 下周五前", (3, "供电公司 下周五前")),
        ("三号供电公司", (3, "供电公司")),
        ("3号 供电公司", (3, "供电公司")),
        ("十二号供电公司", (12, "供电公司")),
        # The number belongs to the name, or nothing follows without a gap.
        *(("3号楼物业 换灯", None), ("3号变压器", None), ("3号", None), ("3号 楼物业", None)),
        *(("供电公司", None), ("", None), ("0号供电公司", None)),
    ],
)
def test_a_place(text: str, found: tuple[int, str] | None) -> None:
    assert split_place(text) == found
