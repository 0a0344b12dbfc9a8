"""What people type is read as they meant it, and nothing else is read into it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reading import IssueNumber, choice, fold, number

FULL = IssueNumber("YZ", date(2024, 10, 14), 3)
DAY_ONLY = IssueNumber(None, date(2024, 10, 14), 3)
SERIAL = IssueNumber(None, None, 3)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("信徵精密", "信征精密"),
        ("恆宇電子", "恒宇电子"),
        ("ＥＴＣ　１２３", "ETC 123"),
        ("  车间\n\n停电\t了 ", "车间 停电 了"),
        ("停\u200b电\ufeff", "停电"),
        ("停\ud800电\x00了\ufffe", "停电了"),
        ("a\u200b\u0301", "á"),
        ("", ""),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_can_be_read(typed: str) -> None:
    answer, found = choice(typed), number(typed)
    assert answer is None or 0 <= answer <= 9
    assert found is None or found.serial > 0


def test_a_cell_of_a_million_characters_is_folded() -> None:
    assert fold("電" * 1_000_000) == "电" * 1_000_000


@pytest.mark.parametrize(
    "typed",
    ["1", "１", "①", "⑴", "⒈", "1️⃣", "1.", "1、", "1。", "选1", "選１", "回复1", " 1 ", "1)", "(1)"],
)
def test_one_answer_in_many_forms(typed: str) -> None:
    assert choice(typed) == 1


@pytest.mark.parametrize(
    "typed",
    ["", "一", "11", "1 1", "1号", "不满意", "1 已解决", "1?", "1楼停电", "#1", "选", "1-2", "١"],
)
def test_what_is_no_answer(typed: str) -> None:
    assert choice(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("YZ-20241014-003", FULL),
        ("yz-20241014-003", FULL),
        ("ＹＺ－２０２４１０１４－００３", FULL),
        ("YZ20241014003", FULL),
        ("yz 20241014 003", FULL),
        ("YZ — 20241014 — 003", FULL),
        ("#YZ-20241014-003", FULL),
        ("编号：YZ-20241014-003", FULL),
        ("YZ-20241014-003号", FULL),
        ("20241014-003", DAY_ONLY),
        ("20241014003", DAY_ONLY),
        ("20241014 3", DAY_ONLY),
        ("003", SERIAL),
        ("3", SERIAL),
        ("３", SERIAL),
        ("③", SERIAL),
        ("#3", SERIAL),
        ("＃ 3", SERIAL),
        ("3号", SERIAL),
        ("3號", SERIAL),
        ("第3号", SERIAL),
        ("第 3 件", SERIAL),
        ("No.3", SERIAL),
        ("№3", SERIAL),
        ("诉求3", SERIAL),
        ("诉求 #3", SERIAL),
        ("诉求编号：003", SERIAL),
        ("1014", IssueNumber(None, None, 1014)),
        ("YZ-20241014-1003", IssueNumber("YZ", date(2024, 10, 14), 1003)),
    ],
)
def test_every_form_of_a_number(typed: str, meant: IssueNumber) -> None:
    assert number(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "0", "000", "YZ", "YZ-20241399-003", "20240230-1", "三", "3楼", "进度 3", "#", "3-4", "A3",
     "YZ-20241014-000", "13800000000", "20241014", "3.5", "١"],
)  # fmt: skip
def test_what_is_no_number(typed: str) -> None:
    assert number(typed) is None
