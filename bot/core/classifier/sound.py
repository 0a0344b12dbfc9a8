"""How a character sounds, so that a word typed with the wrong character is still heard.

The table is the first level of GB 2312-80, whose 3,755 characters stand in the order of their
pinyin: one reading each, which is enough to compare by.
"""

from functools import cache
from pathlib import Path

# Syllables take code points of the private use area, which folded text never contains.
FIRST = 0xE000


@cache
def syllables() -> dict[int, int]:
    """From the code point of a character to the code point that stands for its syllable."""
    return {ord(char): FIRST + place for place, row in enumerate(_table()) for char in row}


def find_homophones(character: str) -> str:
    """All common characters that sound like this one, itself among them; or it alone."""
    syllable = syllables().get(ord(character))
    return character if syllable is None else _table()[syllable - FIRST]


def sound(text: str) -> str:
    """The text with every common character replaced by its syllable: equal strings sound alike."""
    return text.translate(syllables())


@cache
def _table() -> tuple[str, ...]:
    lines = Path(__file__).with_name("syllables.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.split()[1] for line in lines)
