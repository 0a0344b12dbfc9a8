"""What people typed into a cell, and what their spreadsheet made of it."""

from datetime import date, datetime, time

import pytest

from bot.core.messages import Refused
from bot.registry import cells
from tests.registry.books import HENGYU, TEXTS


@pytest.mark.parametrize(
    "value, text",
    [
        (None, ""),
        ("  恒宇　电子 ", "恒宇 电子"),
        ("恒宇\u200b电子\x00", "恒宇电子"),
        (13900000001, "13900000001"),
        (13900000001.0, "13900000001"),
        (360, "360"),
        ("=1+1", "=1+1"),
        ("=SUM(A1:A9)", "=SUM(A1:A9)"),
    ],
)
def test_text(value: object, text: str) -> None:
    assert cells.text(value, 100) == text


@pytest.mark.parametrize(
    "value, why",
    [
        (datetime(2024, 3, 2), "日期"),  # noqa: DTZ001 - as a spreadsheet gives it
        (date(2024, 3, 2), "日期"),
        (time(9, 30), "日期"),
        (True, "TRUE"),
        ("#N/A", "#N/A"),
        ("长" * 1_000_000, "太长：1000000 个字，最多 100 个"),
        (9.1990000123456789e17, "末几位"),
    ],
)
def test_what_is_no_text_is_named(value: object, why: str) -> None:
    with pytest.raises(Refused) as no:
        cells.text(value, 100)
    assert why in TEXTS.render(no.value.key, no.value.values)


@pytest.mark.parametrize(
    "given", [HENGYU, HENGYU.lower(), "９１９９００００MA0000001B", "91990000-MA000000 1B"]
)
def test_a_credit_code_is_brought_into_its_usual_form(given: str) -> None:
    assert cells.code(given) == HENGYU


@pytest.mark.parametrize(
    "given, why",
    [
        ("91990000MA0000001A", "校验位"),
        ("91990000MA000000", "现在是 16 位"),
        ("91990000MA0000O01B", "不该出现的字符"),
        ("9.1990000E+17", "末几位"),
    ],
)
def test_a_wrong_credit_code_is_named(given: str, why: str) -> None:
    with pytest.raises(Refused) as no:
        cells.code(given)
    assert why in TEXTS.render(no.value.key, no.value.values)


@pytest.mark.parametrize(
    "given, phone",
    [
        ("13900000001", "13900000001"),
        ("139 0000 0001", "13900000001"),
        ("139-0000-0001", "13900000001"),
        ("+86 13900000001", "13900000001"),
        ("１３９００００００１" + "１", "13900000011"),
        ("0731-80000001", "0731-80000001"),
        ("(0731) 80000001", "073180000001"),
        ("80000001", "80000001"),
        ("0731-80000001-602", "0731-80000001-602"),
        ("400-800-0001", "400-800-0001"),
    ],
)
def test_phones(given: str, phone: str) -> None:
    assert cells.phone(given) == phone


@pytest.mark.parametrize(
    "given", ["1390000000", "139000000012", "23900000001", "无", "王芳", "1.39E+10"]
)
def test_what_is_no_phone(given: str) -> None:
    with pytest.raises(Refused):
        cells.phone(given)


def test_a_list_has_many_separators_and_says_nothing_twice() -> None:
    assert cells.several("规上、专精特新，重点 项目;规上；监测点\n x|") == (
        *("规上", "专精特新", "重点 项目", "监测点", "x"),
    )


def test_one_name_has_many_spellings() -> None:
    assert cells.identity("恒宇（电子） ABC") == cells.identity("恒宇(电子)ａｂｃ")
    assert cells.identity("恒宇电子") != cells.identity("恒宇电气")
