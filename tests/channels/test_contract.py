"""What every channel does with a letter, whatever platform it speaks to."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels import Undeliverable
from bot.channels.wording import split, utf8_bytes, utf16_units
from tests.channels.benches import BENCHES, Bench, result

pytestmark = pytest.mark.anyio
FAMILY, ACCENT, FLAG, THUMB = "👨‍👩‍👧", "e\u0301", "🇨🇳", "👍🏽"
UNITS = ["园", "😀", FAMILY, ACCENT, FLAG, THUMB, "a"]


@pytest.fixture(params=BENCHES)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """A channel."""
    async with BENCHES[request.param](tmp_path) as made:
        yield made


def _filling(bench: Bench, unit: str) -> str:
    """As many of these characters as just fit, the rest filled up with full stops."""
    count = bench.limit // bench.measure(unit)
    return unit * count + "." * (bench.limit - count * bench.measure(unit))


async def test_a_text_at_the_limit_is_one_message(bench: Bench) -> None:
    for number, unit in enumerate(UNITS[:4], 1):
        words = _filling(bench, unit)
        assert bench.measure(words) == bench.limit
        assert await bench.send(result(number, words)) == [words]


@pytest.mark.parametrize("unit", UNITS)
async def test_a_text_above_the_limit_is_two_and_no_character_is_cut(
    bench: Bench, unit: str
) -> None:
    words = _filling(bench, unit) + unit
    arrived = await bench.send(result(1, words))
    assert len(arrived) == 2
    assert "".join(arrived) == words
    assert all(bench.measure(one) <= bench.limit for one in arrived)
    assert all(one.replace(unit, "").strip(".") == "" for one in arrived)


async def test_a_deadline_and_a_number_are_never_cut(bench: Bench) -> None:
    deadline = "10月15日（周二）14:30 前办结"
    for shift in range(0, 60, 7):
        before = _filling(bench, "园")[: -10 - shift]
        before = before[: len(before) - shift]
        words = f"{before}\n{deadline}\nYZ-20241014-003"
        whole = "\n".join(split(words, bench.limit, bench.measure))
        assert deadline in whole.split("\n")
        assert re.search(r"^YZ-20241014-003$", whole, re.MULTILINE)


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
