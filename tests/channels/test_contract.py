"""What every channel does with a letter, whatever platform it speaks to."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Undeliverable
from bot.channels.wording import Measure, split, utf8_bytes, utf16_units
from tests.channels.harness import BENCHES, Bench, result

pytestmark = pytest.mark.anyio
FAMILY, ACCENT, FLAG, THUMB = "👨‍👩‍👧", "e\u0301", "🇨🇳", "👍🏽"
KEYCAP, ENGLAND = (
    "1\ufe0f\u20e3",
    "🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbeng") + "\U000e007f",
)
UNITS = ["园", "😀", FAMILY, ACCENT, FLAG, THUMB, KEYCAP, ENGLAND, "a"]
WHOLE = [*UNITS, *"的了，。", "YZ-20241014-003", "13900000101", "14:30", "10月15日（周二）14:30 前"]


@pytest.fixture(params=BENCHES)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """A channel."""
    async with BENCHES[request.param](tmp_path) as made:
        yield made


def _fill_to_limit(bench: Bench, unit: str) -> str:
    """As many of these characters as just fit, the rest filled up with full stops."""
    count = bench.limit // bench.measure(unit)
    return unit * count + "." * (bench.limit - count * bench.measure(unit))


async def test_a_text_at_the_limit_is_one_message(bench: Bench) -> None:
    for number, unit in enumerate(UNITS[:4], 1):
        words = _fill_to_limit(bench, unit)
        assert bench.measure(words) == bench.limit
        assert await bench.send(result(number, words)) == [words]


@pytest.mark.parametrize("unit", UNITS)
async def test_a_text_above_the_limit_is_two_and_no_character_is_cut(
    bench: Bench, unit: str
) -> None:
    words = _fill_to_limit(bench, unit) + unit
    arrived = await bench.send(result(1, words))
    assert len(arrived) == 2
    assert "".join(arrived) == words
    assert all(bench.measure(piece) <= bench.limit for piece in arrived)
    assert all(piece.replace(unit, "").strip(".") == "" for piece in arrived)


LINES = [
    "10月15日（周二）14:30 前办结",
    "YZ-20241014-003",
    "0731-8888 0000",
    "https://bot.example.com/c/Qx7Zt2.ics",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("filler", ["园", "😀"])
async def test_numbers_phones_addresses_and_deadlines_stay_whole(
    bench: Bench, line: str, filler: str
) -> None:
    """The limit falls on every one of their characters in turn, in a line of their own and in the
    middle of words."""
    room = bench.limit // bench.measure(filler)
    for end in ("\n", "，"):
        for shift in range(0, len(line) + 1, 3):
            before = filler * (room - shift) + end
            arrived = await bench.send(result(1, f"{before}{line}{end}完"))
            assert [piece for piece in arrived if line in piece], (end, shift)
            assert "".join(arrived).replace("\n", "") == f"{before}{line}{end}完".replace("\n", "")


async def test_a_line_with_a_deadline_stays_whole(bench: Bench) -> None:
    line = f"10月15日（周二）14:30 前办结，{'请恒宇电子有限公司的联系人留意电话' * 3}"
    first = bench.limit // bench.measure("园") // 3
    for shift in range(0, len(line), 9):
        fill = "园" * (bench.limit // bench.measure("园") - first - shift)
        words = f"{'园' * first}\n{fill}\n{line}"
        arrived = await bench.send(result(1, words))
        assert line in "\n".join(arrived).split("\n")
        assert "".join(arrived).replace("\n", "") == words.replace("\n", "")


async def test_what_waits_arrives_in_its_order(bench: Bench) -> None:
    arrived = await bench.send(*(result(n, f"第{n}条") for n in range(1, 4)))
    assert re.findall(r"第(\d)条", "\n".join(arrived)) == ["1", "2", "3"]


async def test_options_are_buttons_or_lines(bench: Bench) -> None:
    (arrived,) = await bench.send(result(1, "【新诉求】", "受理", "转办"))
    if bench.buttons is None:
        assert arrived.split("\n") == ["【新诉求】", "1 受理", "2 转办"]
    else:
        assert (arrived, bench.buttons()) == ("【新诉求】", ["受理", "转办"])


async def test_the_last_options_are_in_force(bench: Bench) -> None:
    arrived = await bench.send(result(1, "甲", "受理"), result(2, "乙", "办结"))
    if bench.buttons is None:
        assert "1 受理" not in "\n".join(arrived)
        assert arrived[-1].endswith("1 办结")
    else:
        assert bench.buttons() == ["办结"]


@pytest.mark.parametrize("kind", ["permanent", "again", "hold"])
async def test_trouble_says_what_is_to_be_done(bench: Bench, kind: str) -> None:
    if kind not in bench.troubles:
        pytest.skip(f"{bench.channel.name} has no such trouble")
    bench.troubles[kind]()
    with pytest.raises(Undeliverable) as outcome:
        await bench.send(result(1, "停电"))
    trouble = outcome.value
    assert (trouble.permanent, trouble.hold) == (kind == "permanent", kind == "hold")
    assert trouble.reason.startswith("delivery.")
    assert trouble.carried == 0
    assert bench.arrived() == []


async def test_an_end_in_the_middle_of_a_send_is_an_end(bench: Bench) -> None:
    """The postman cuts a send that takes too long; the channel must let itself be cut."""
    sending = asyncio.ensure_future(bench.send(result(1, "停电")))
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


def test_lengths_are_the_platforms_own() -> None:
    assert (utf8_bytes("园"), utf16_units("园")) == (3, 1)
    assert (utf8_bytes("😀"), utf16_units("😀")) == (4, 2)
    assert utf16_units("\ud800") == 1  # never sent, but measured


@pytest.mark.parametrize("unit", [FAMILY, ACCENT, FLAG, THUMB])
@pytest.mark.parametrize("shift", range(8))
def test_a_piece_begins_with_a_whole_character(unit: str, shift: int) -> None:
    pieces = split("园" * shift + unit * 200, 300, utf16_units)
    assert "".join(pieces).endswith(unit)
    for piece in pieces[1:]:
        assert piece.startswith(unit)
        assert not unicodedata.combining(piece[0])


@given(
    st.lists(st.lists(st.sampled_from(WHOLE), max_size=40), max_size=8),
    st.integers(80, 400),
    st.sampled_from([utf8_bytes, utf16_units]),
)
def test_splitting_cuts_between_whole_things(
    lines: list[list[str]], limit: int, measure: Measure
) -> None:
    text = "\n".join("、".join(line) for line in lines)
    pieces = split(text, limit, measure)
    assert all(measure(part) <= limit for part in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")
    for piece in pieces:
        for line in piece.split("\n"):
            assert set(line.split("、")) <= {*WHOLE, ""}
