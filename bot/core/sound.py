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
    lines = Path(__file__).with_name("syllables.txt").read_text(encoding="utf-8").splitlines()
    spoken = (line.split()[1] for line in lines)
    return {ord(one): FIRST + place for place, row in enumerate(spoken) for one in row}


def sound(text: str) -> str:
    """The text with every common character replaced by its syllable: equal strings sound alike."""
    return text.translate(syllables())
