"""Spells the name of a firm by its sounds, with the rarer characters that firms like."""

from functools import cache

from bot.core.classifier.sound import sound
from bot.core.names.parts import LISTS


def spell(text: str) -> str:
    """`text`, folded before, with a private character for the syllable of each Chinese one."""
    return sound(text.translate(_common()))


@cache
def _common() -> dict[int, str]:
    return {ord(rare): group[0] for group in LISTS["sounds_like"].split() for rare in group[1:]}
