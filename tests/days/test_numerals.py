"""Numbers in digits and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.days.numerals import read_number, read_year

DIGITS = "零一二三四五六七八九"


def write_number(number: int) -> str:
    """1 to 999 as it is spoken in full."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        written += f"{DIGITS[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        written += "零"
    return written + (DIGITS[ones] if ones else "")


@given(st.integers(1, 999))
def test_what_is_written_is_read(number: int) -> None:
    assert read_number(write_number(number)) == read_number(str(number)) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        *(("两", 2), ("十", 10), ("廿五", 25), ("卅", 30), ("一百二", 120), ("二百零五", 205)),
        *(("一千二百", 1200), ("百", 100)),
        # Of two neighbours the later.
        *(("两三", 3), ("三五", 5), ("十七八", 18), ("二三十", 30)),
        *(("", None), ("三二", None), ("十百", None), ("供", None), ("十十", None)),
    ],
)
def test_numbers_as_spoken(words: str, number: int | None) -> None:
    assert read_number(words) == number


@pytest.mark.parametrize(("words", "year"), [("2025", 2025), ("二〇二五", 2025), ("二五", None)])
def test_years(words: str, year: int | None) -> None:
    assert read_year(words) == year
