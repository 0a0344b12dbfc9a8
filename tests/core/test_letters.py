"""A rare letter of a name is never taken for something nobody sees."""

import pytest

from bot.actions.sessions.minutes_file import _plain
from bot.core.days.icalendar_file import Appointment, build_calendar
from bot.core.letters import is_hidden, keep_visible
from bot.core.reading import fold
from bot.core.text_metrics import MISSING, clean
from bot.digest.fonts import drawable
from tests.conftest import MONDAY

RARE = {
    "extension B": "\U00020bb7",
    "added to extension C": "\U0002b739",
    "extension G": "\U00030edd",
    "extension H": "\U00031350",
    "extension I": "\U0002ebf0",
    "private use of GBK": "\ue863",
    "private use of plane 15": "\U000f0001",
    "variation selector": "\U000e0100",
}


@pytest.mark.parametrize("letter", RARE.values(), ids=RARE)
def test_a_rare_letter_stays_everywhere(letter: str) -> None:
    name = f"李{letter}明"
    assert keep_visible(name) == _plain(name) == name
    appointment = Appointment("1", 0, MONDAY, 60, name)
    assert name in build_calendar(appointment, MONDAY, "x").decode().replace("\r\n ", "")


@pytest.mark.parametrize("kind", [kind for kind in RARE if kind != "variation selector"])
def test_a_rare_letter_makes_two_names_two(kind: str) -> None:
    assert fold(f"李{RARE[kind]}明") != fold("李明")
    shown = clean(f"李{RARE[kind]}明", drawable)
    assert shown in (f"李{RARE[kind]}明", f"李{MISSING}明")


@pytest.mark.parametrize(
    "char", ["\x00", "\x1b", "\u200b", "\ufeff", "\ud800", "\ufffe", "\U0002ffff"]
)
def test_what_nobody_sees_goes(char: str) -> None:
    assert is_hidden(char)
    assert keep_visible(f"李{char}明\n") == "李明\n"
    assert fold(f"李{char}明") == clean(f"李{char}明", drawable) == "李明"
