"""Names are taken out of words whole, however a firm is called."""

import pytest

from bot.core.masking import masked, names_of_firm

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
    assert masked(said, FIRM, "〔别家〕") == left


def test_phones_and_signs_are_taken_as_they_are() -> None:
    assert masked("打 139(1) 找 王芳", {"139(1)", "王芳"}, "〇") == "打 〇 找 〇"


@pytest.mark.parametrize("names", [set(), {""}, {"王"}])
def test_nothing_and_single_characters_are_no_names(names: set[str]) -> None:
    assert masked("国王 王", names, "〇") == "国王 王"
