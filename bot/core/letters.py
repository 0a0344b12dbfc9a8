"""Tells the characters that nobody sees from letters, also those that Unicode learned lately."""

import unicodedata

_NO_CHARACTERS = range(0xFDD0, 0xFDF0)
_RARE_HAN = range(0x20000, 0x40000)
"""The two planes of rare Han characters: extensions B, C … in names of people and places."""


def is_hidden(character: str) -> bool:
    """Whether it is a control, format or surrogate character, or no character at all.

    What this Python's Unicode does not know yet, and what a system has of its own (private use),
    may be a letter of somebody's name (GB 18030-2022) and is not hidden.
    """
    kind, code = unicodedata.category(character), ord(character)
    if kind == "Cn":
        return code & 0xFFFE == 0xFFFE or code in _NO_CHARACTERS
    return kind in ("Cc", "Cf", "Cs")


def is_unknown_letter(character: str) -> bool:
    """Whether it may be a letter that Unicode's tables here say nothing of."""
    kind = unicodedata.category(character)
    rare = kind == "Cn" and ord(character) in _RARE_HAN and not is_hidden(character)
    return rare or kind == "Co"


def keep_visible(words: str) -> str:
    """The words without hidden characters; line breaks stay."""
    return "".join(char for char in words if char == "\n" or not is_hidden(char))
