"""Fits words into pictures: how wide they are, where they are cut and where a line may break."""

import unicodedata
from collections.abc import Callable

from bot.core.letters import is_unknown_letter

_ADVANCES = (
    *(227, 370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387),
    *(590, 590, 590, 590, 590, 590, 590, 590, 590, 590, 325, 325, 590, 590, 590, 514),
    *(1007, 641, 681, 656, 714, 615, 585, 717, 757, 330, 568, 686, 578, 853, 749, 770),
    *(667, 770, 682, 624, 625, 748, 619, 915, 627, 580, 613, 378, 387, 378, 590, 567),
    *(626, 591, 644, 527, 644, 581, 372, 597, 640, 304, 306, 604, 315, 964, 641, 626),
    *(644, 644, 437, 495, 421, 637, 576, 863, 562, 574, 511, 378, 296, 378, 590),
)
"""Thousandths of the size that ASCII from the space on takes in Noto Sans SC Bold; the regular
weight takes no more."""
_WHOLE = 1000  # no other character is wider than the size,
_SPACED = {"…": 1110}  # but this one keeps away from a Latin letter before it
_ELLIPSIS = "…"
_CLOSING = frozenset("、，。；：！？）》」』】〕〉”’…—％%,.;:!?)]}·")
_OPENING = frozenset("（《「『【〔〈“‘([{")
MISSING = "〓"
"""Stands for a letter that the font has not got: the mark that printers use."""


def width(words: str, size: float) -> float:
    """How wide a line of words is at most, in the unit of `size`."""
    return sum(_advance(char) for char in words) * size / 1000


def cut(words: str, size: float, most: float) -> str:
    """The words as far as they fit into `most`, with an ellipsis where something is left out."""
    if width(words, size) <= most:
        return words
    left, kept = most - width(_ELLIPSIS, size), 0
    for char in words:
        left -= width(char, size)
        if left < 0:
            break
        kept += 1
    while kept and unicodedata.combining(words[kept]):
        kept -= 1
    return words[:kept].rstrip() + _ELLIPSIS


def fit_size(words: str, size: float, most: float) -> float:
    """The largest size, at most `size`, at which the words fit into `most`."""
    taken = width(words, size)
    return size if taken <= most else size * most / taken


def wrap_words(words: str, size: float, most: float, lines: int) -> list[str]:
    """The words in at most so many lines, the last one cut. No line begins with a closing mark or
    ends with an opening one."""
    found: list[str] = []
    rest = words.strip()
    while rest and len(found) < lines - 1:
        place = _break(rest, size, most)
        found.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*found, cut(rest, size, most)] if rest else found


def clean(words: str, drawable: Callable[[str], bool]) -> str:
    """What people wrote, as it can be drawn: on one line, without what is no letter and no sign
    (control characters, lone surrogates) and without pictures (emoji);
    letters that the font lacks are marked."""
    shown = "".join(_clean_char(char, drawable) for char in unicodedata.normalize("NFC", words))
    return " ".join(shown.split())


def _clean_char(one: str, drawable: Callable[[str], bool]) -> str:
    if one.isspace():
        return " "
    if is_unknown_letter(one):
        return one if drawable(one) else MISSING
    kind = unicodedata.category(one)
    if kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"):
        return one if kind == "Mn" and drawable(one) else ""
    if drawable(one):
        return one
    return MISSING if kind[0] in "LN" else ""


def _break(words: str, size: float, most: float) -> int:
    """How many characters the first line takes: at least one."""
    taken, place = 0.0, 0
    for char in words:
        taken += width(char, size)
        if taken > most:
            break
        place += 1
    if place == len(words):
        return place
    breaks = [at for at in range(1, place + 1) if _may_break(words[at - 1], words[at])]
    whole = [at for at in breaks if not _one_word(words[at - 1], words[at])]
    return max(whole or breaks or [max(place, 1)])


def _may_break(before: str, after: str) -> bool:
    return after not in _CLOSING and before not in _OPENING


def _one_word(before: str, after: str) -> bool:
    """Whether both belong to a Latin word or a number."""
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def _advance(one: str) -> int:
    place = ord(one) - 32
    if 0 <= place < len(_ADVANCES):
        return _ADVANCES[place]
    return _SPACED.get(one, _WHOLE)
