"""Names are taken out of words whole, however a firm is called."""

import pytest

from bot.core.names.masking import initial, mask_names, names_of_firm, without_phones

FIRM = names_of_firm("湖南恒宇电子有限公司", ("恒宇", "HY电子"))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("湖南恒宇电子有限公司的配电房", "〔别家〕的配电房"),
        ("恒宇电子和恒宇都修好了", "〔别家〕和〔别家〕都修好了"),
        ("hy电子那边", "〔别家〕那边"),
        ("路灯已修好", "路灯已修好"),
    ],
)
def test_every_name_of_a_firm_goes(said: str, left: str) -> None:
    assert mask_names(said, FIRM, "〔别家〕") == left


def test_phones_and_signs_are_taken_as_they_are() -> None:
    assert mask_names("打 139(1) 找 王芳", {"139(1)", "王芳"}, "〇") == "打 〇 找 〇"


@pytest.mark.parametrize("names", [set(), {""}, {"王"}])
def test_nothing_and_single_characters_are_no_names(names: set[str]) -> None:
    assert mask_names("国王 王", names, "〇") == "国王 王"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("湖南恒宇电子有限公司", "恒＊＊"),
        ("赵敏之", "赵＊＊"),
        ("阿诗玛·买买提", "阿＊＊"),
        ("hy电子", "H＊＊"),
        ("嬙", "嬙＊＊"),
        ("", ""),
    ],
)
def test_of_a_name_its_beginning_is_left(name: str, left: str) -> None:
    assert initial(name) == left


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("打13912345678找我", "打139＊＊找我"),
        ("打 0731-8000123 或 1391234", "打 073＊＊ 或 139＊＊"),
        ("3 号楼 12 层 110", "3 号楼 12 层 110"),
    ],
)
def test_of_a_phone_number_its_beginning_is_left(said: str, left: str) -> None:
    assert without_phones(said) == left
