"""The digest's picture: as it was when somebody looked at it, and the same as its text."""

import io
import os
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops, ImageStat

from bot import texts
from bot.core.reports import charts
from bot.core.reports.digest import Facts
from bot.core.text_metrics import MISSING, width
from bot.digest.canvas import WIDE
from bot.digest.fonts import drawable
from bot.digest.picture import draw_picture
from bot.digest.rasterize import LARGEST, NotPainted, paint_in_subprocess, paint_picture
from bot.digest.words import build_values
from tests.digest.weeks import EMPTY, HUGE, TWELVE, WEEKS, ZONE

TEXTS = texts.load(ZONE)
REFERENCES = Path(__file__).with_name("pictures")
SMALL = 6
"""A reference is so many times smaller."""
TOLERANCE = 1.5
"""Mean difference of a grey of 255; a row that moved by its height makes ten times as much."""
SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"\d+")


def words_of(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def text_of(facts: Facts) -> str:
    return TEXTS.render("digest.text", build_values(facts, TEXTS))


@pytest.mark.parametrize("name", WEEKS)
def test_it_looks_as_it_did(name: str) -> None:
    """`UPDATE_PICTURES=1` writes the references anew: look at them before they are kept."""
    picture = paint_picture(draw_picture(WEEKS[name], TEXTS))
    assert len(picture) < LARGEST
    whole = Image.open(io.BytesIO(picture)).convert("L")
    small = whole.resize((whole.width // SMALL, whole.height // SMALL), Image.Resampling.BOX)
    path = REFERENCES / f"{name}.png"
    if os.environ.get("UPDATE_PICTURES"):
        small.quantize(16).save(path, optimize=True)
    reference = Image.open(path).convert("L")
    assert small.size == reference.size
    different = ImageStat.Stat(ImageChops.difference(small, reference)).mean[0]
    assert different < TOLERANCE


def test_a_reference_is_not_met_by_another_week() -> None:
    """The tolerance is far from what another number or another row makes."""
    small = Image.open(REFERENCES / "twelve.png").convert("L")
    moved = ImageChops.offset(small, 0, 7)
    assert ImageStat.Stat(ImageChops.difference(small, moved)).mean[0] > 5 * TOLERANCE


@pytest.mark.parametrize("name", WEEKS)
def test_the_text_says_every_number_of_the_picture(name: str) -> None:
    facts = WEEKS[name]
    said = set(NUMBER.findall(text_of(facts)))
    shown = {
        number for words in words_of(draw_picture(facts, TEXTS)) for number in NUMBER.findall(words)
    }
    days = {
        str(part)
        for point in facts.own.line
        for part in (point.week.monday.month, point.week.monday.day)
    }
    filed = max((max(point.filed, point.resolved) for point in facts.own.line), default=0)
    ticks = {str(charts.find_scale_end(filed) * part // 4) for part in (0, 2, 4)}
    satisfied = (
        {str(facts.park.satisfaction.n), str(facts.park.satisfaction.of)} if facts.park else set()
    )
    places = {"1", "2", "3"}
    assert shown - said - days - ticks - satisfied - places == set()


@pytest.mark.parametrize("name", WEEKS)
def test_the_picture_shows_every_number_of_the_text(name: str) -> None:
    """All but the hour until which a promise stood and what other lines repeat."""
    facts = WEEKS[name]
    shown = {
        number for words in words_of(draw_picture(facts, TEXTS)) for number in NUMBER.findall(words)
    }
    assert set(NUMBER.findall(text_of(facts))) - shown == set()


@pytest.mark.parametrize("name", WEEKS)
def test_all_words_stay_within_the_picture(name: str) -> None:
    for element in ElementTree.fromstring(draw_picture(WEEKS[name], TEXTS)).iter(f"{SVG}text"):
        wide = width(element.text or "", float(element.attrib["font-size"]))
        x, anchor = float(element.attrib["x"]), element.attrib["text-anchor"]
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert left >= 0, element.text
        assert left + wide <= WIDE, element.text


@pytest.mark.parametrize("name", WEEKS)
def test_no_words_lie_upon_others(name: str) -> None:
    """On one line of a section, words end before the next begin."""
    for section in ElementTree.fromstring(draw_picture(WEEKS[name], TEXTS)).iter(f"{SVG}g"):
        spans: dict[str, list[tuple[float, float, str]]] = {}
        for element in section.iter(f"{SVG}text"):
            text, size = element.text or "", float(element.attrib["font-size"])
            wide, x = width(text, size), float(element.attrib["x"])
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.attrib["text-anchor"]]
            spans.setdefault(element.attrib["y"], []).append((left, left + wide, text))
        for row in spans.values():
            row.sort()
            for (_, end, before), (begin, _, after) in pairwise(row):
                assert end <= begin + 0.5, (before, after)


@pytest.mark.parametrize("name", WEEKS)
def test_every_letter_has_a_form(name: str) -> None:
    """No boxes: what the font has not got is left out or marked."""
    shown = "".join(words_of(draw_picture(WEEKS[name], TEXTS)))
    assert [char for char in shown if not drawable(char)] == []


def test_rare_names_are_drawn_and_emoji_are_not() -> None:
    shown = "".join(words_of(draw_picture(HUGE, TEXTS)))
    assert "欧阳嬙䶮" in shown
    assert "🔥" not in shown
    assert f"嬙䶮急！停电了{MISSING}" in shown


def test_a_list_shows_five_and_counts_the_rest() -> None:
    shown = words_of(draw_picture(HUGE, TEXTS))
    assert sum(words.startswith("■ YZ-20261109") for words in shown) == 5
    assert "另有 123451 件，见台账" in shown
    assert "另有 4 条，见台账" in shown


def test_everything_and_nothing() -> None:
    shown = words_of(draw_picture(HUGE, TEXTS))
    assert {"300/300（100%）", "0/99（0%）", "299/300（99%）", "1/1234（1%）"} <= set(shown)
    assert words_of(draw_picture(EMPTY, TEXTS)).count("0/0（无）") == 6


def test_another_process_paints_the_same() -> None:
    svg = draw_picture(TWELVE, TEXTS)
    assert paint_in_subprocess(svg) == paint_picture(svg)


@pytest.mark.parametrize("svg", ["", "<svg", "no picture", "\ud800"])
def test_what_is_no_picture_is_refused(svg: str) -> None:
    with pytest.raises(NotPainted):
        paint_in_subprocess(svg)
    with pytest.raises(NotPainted):
        paint_picture(svg)
