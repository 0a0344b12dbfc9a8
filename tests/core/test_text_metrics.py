"""Words in pictures: how wide, where cut, where broken, what is left of what people type."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from bot.core.text_metrics import MISSING, clean, cut, fit_size, width, wrap_words
from bot.digest.fonts import BOLD, REGULAR, drawable

CLOSING = "、，。；：！？）》」』】”’…—％%,.;:!?)]}"
OPENING = "（《「『【“‘([{"


@pytest.mark.parametrize("font", [REGULAR, BOLD])
@given(words=st.text(st.sampled_from("aWi1.,%（）、。用电嬙—…●■ \u00b7"), max_size=30))
def test_words_are_never_wider_than_thought(font: object, words: str) -> None:
    drawn = ImageFont.truetype(str(font), 100).getlength(words)
    assert drawn <= width(words, 100) + 1


@given(st.text(max_size=40), st.floats(40, 400))
def test_what_is_cut_fits(words: str, most: float) -> None:
    found = cut(words, 30, most)
    assert width(found, 30) <= most or len(found) == 1
    assert words.startswith(found.removesuffix("…").rstrip()) or found == words


def test_a_number_shrinks_until_it_fits() -> None:
    size = fit_size("1234567", 72, 180)
    assert width("1234567", size) <= 180.01
    assert fit_size("12", 72, 180) == 72


PHRASES = st.sampled_from(
    ["用电", "停了，", "（三号）", "“急”。", "12ab", "等…吗", "5%", "《办法》"]
)


@given(st.lists(PHRASES, max_size=20), st.floats(160, 400))
def test_no_line_begins_with_a_closing_mark(phrases: list[str], most: float) -> None:
    lines = wrap_words("".join(phrases), 30, most, 9)
    for before, line in pairwise(lines):
        assert line[0] not in CLOSING
        assert before[-1] not in OPENING
        assert width(before, 30) <= most


def test_lines_hold_all_words_but_what_is_cut() -> None:
    words = "二号车间今天第三次停电，冷库里的货保不住了，请尽快派人来看"
    assert "".join(wrap_words(words, 30, 300, 9)) == words
    lines = wrap_words(words, 30, 300, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert wrap_words("", 30, 300, 2) == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("停电\x00\x07了\n快来", "停电了 快来"),
        ("\ufffe\ud800停电", "停电"),
        ("🔥🔥停电👨‍👩‍👧", "停电"),
        ("🔥", ""),
        ("嬙䶮", "嬙䶮"),  # GB2312 has neither
        ("\U00020bb7野家", f"{MISSING}野家"),
        ("  a\u3000b  ", "a b"),
        ("\u202e倒\u200b着", "倒着"),  # neither turns the line round nor hides a break
    ],
)
def test_what_people_type_becomes_what_can_be_drawn(typed: str, shown: str) -> None:
    assert clean(typed, drawable) == shown


@given(st.text(max_size=50))
def test_everything_that_is_left_can_be_drawn(typed: str) -> None:
    assert all(drawable(char) for char in clean(typed, drawable))
