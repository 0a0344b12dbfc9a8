"""What the one-time codes look like that bind a phone to an enterprise or to a person."""

from bot.core.reading import fold

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without those that look alike: 0 O, 1 I L."""
LENGTH = 8


def read_code(words: str) -> str:
    """The words as codes are written: folded, without spaces, in capitals."""
    return fold(words).replace(" ", "").upper()


def is_like_code(words: str) -> bool:
    """Whether the words may be one of our codes, valid or not."""
    code = read_code(words)
    return len(code) == LENGTH and set(code) <= set(ALPHABET)
